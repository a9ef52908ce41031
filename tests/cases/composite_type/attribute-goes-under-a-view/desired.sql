-- Who looks at the attribute looks away first: CASCADE would take it along.
CREATE TYPE money_in AS (a integer, b text);
CREATE TABLE t (id integer, v money_in, CONSTRAINT sane CHECK ((v).a > 0));
CREATE VIEW seen AS SELECT (v).* FROM t;
CREATE STATISTICS st ON ((v).a), id FROM t;
