CREATE TYPE money_in AS (a integer, b text, c numeric);
CREATE TABLE t (id integer, v money_in, CONSTRAINT sane CHECK ((v).c > 0));
CREATE VIEW seen AS SELECT (v).* FROM t;
CREATE STATISTICS st ON ((v).c), id FROM t;
