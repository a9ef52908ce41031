CREATE TABLE range_of (lo integer, hi integer, CONSTRAINT ordered CHECK (lo < hi));
COMMENT ON CONSTRAINT ordered ON range_of IS 'No empty ranges';
