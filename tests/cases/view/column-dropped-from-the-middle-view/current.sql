CREATE TABLE t (a integer, b integer, c integer);
CREATE VIEW v AS SELECT a, b, c FROM t;
CREATE VIEW uses_a AS SELECT a FROM v;
CREATE VIEW uses_b AS SELECT b FROM v;
COMMENT ON VIEW uses_a IS 'survives';
