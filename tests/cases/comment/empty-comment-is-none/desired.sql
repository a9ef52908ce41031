-- No change: an empty comment removes it.
CREATE TABLE t (id integer);
COMMENT ON TABLE t IS '';
