CREATE TABLE t (a integer, b integer);
CREATE VIEW v AS SELECT a, b, a + b AS c FROM t;
CREATE FUNCTION f(r v) RETURNS integer LANGUAGE sql AS 'select r.c';
CREATE TABLE holds (r v, n integer);
CREATE VIEW w AS SELECT (r).a, (r).c FROM holds;
