CREATE TABLE t (a integer, b integer, c integer);
CREATE VIEW v AS SELECT a, c FROM t;
CREATE VIEW uses_a AS SELECT a FROM v;
COMMENT ON VIEW uses_a IS 'survives';
