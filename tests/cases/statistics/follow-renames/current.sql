CREATE TABLE u (c integer, d integer);
CREATE TABLE t (a integer, b integer);
CREATE STATISTICS t ON a, b FROM t;
CREATE STATISTICS other ON (a + 1) FROM t;
CREATE STATISTICS columns_follow ON c, d FROM u;
