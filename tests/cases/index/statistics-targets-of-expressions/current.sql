CREATE TABLE t (a integer, b integer, c text);
CREATE INDEX i ON t (a, (b + 1), lower(c));
ALTER INDEX i ALTER COLUMN 2 SET STATISTICS 50;
CREATE INDEX j ON t ((a + b));
CREATE TABLE p (a integer, b text) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_lower ON p (lower(b));
