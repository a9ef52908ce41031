-- Replacing an index forgets that it was the replica identity; with the key, its CLUSTER mark.
CREATE TABLE fact (a integer NOT NULL, b integer NOT NULL, CONSTRAINT fact_key PRIMARY KEY (b));
CREATE UNIQUE INDEX fact_pair ON fact (b, a);
ALTER TABLE fact REPLICA IDENTITY USING INDEX fact_pair;
ALTER TABLE fact CLUSTER ON fact_key;
