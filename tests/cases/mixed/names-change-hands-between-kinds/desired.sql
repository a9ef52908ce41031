-- pg_class is one namespace, pg_type another (tables have a row type there), pg_proc a third: each name must be free first.
CREATE TABLE base (n integer);
CREATE SEQUENCE one;
CREATE VIEW two AS SELECT n FROM base;
CREATE TYPE three AS (a integer, b integer);
CREATE INDEX four ON base (n DESC);
CREATE TYPE five AS ENUM ('b');
CREATE TABLE six (a integer);
CREATE AGGREGATE seven(integer) (SFUNC = int4pl, STYPE = integer);
