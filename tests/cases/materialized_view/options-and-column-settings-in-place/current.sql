CREATE TABLE t (n integer, body text);
CREATE MATERIALIZED VIEW m WITH (fillfactor = 90) AS SELECT n, body FROM t;
