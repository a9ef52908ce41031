CREATE TABLE t (n integer);
CREATE VIEW report AS SELECT n FROM t;
CREATE VIEW top AS SELECT max(n) AS n FROM report;
