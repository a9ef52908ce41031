CREATE TABLE p (a integer, b integer) PARTITION BY LIST (a);
CREATE INDEX i ON ONLY p (b);
CREATE INDEX j ON ONLY p (a);
