CREATE TABLE p (a integer, c integer) PARTITION BY LIST (a);
CREATE VIEW v AS SELECT a, c FROM p;
