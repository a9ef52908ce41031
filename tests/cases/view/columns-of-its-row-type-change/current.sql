CREATE TABLE t (a integer, b integer);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE FUNCTION f(r v) RETURNS integer LANGUAGE sql AS 'select r.a';
CREATE TABLE holds (r v, n integer);
CREATE VIEW w AS SELECT (r).a, (r).b FROM holds;
