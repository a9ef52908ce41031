-- CREATE OR REPLACE is enough; w was written with a star, which is frozen at creation.
CREATE TABLE t (a integer, b integer);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT a FROM v;
