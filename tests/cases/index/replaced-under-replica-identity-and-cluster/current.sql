CREATE TABLE fact (a integer NOT NULL, b integer NOT NULL, CONSTRAINT fact_key PRIMARY KEY (a));
CREATE UNIQUE INDEX fact_pair ON fact (a, b);
ALTER TABLE fact REPLICA IDENTITY USING INDEX fact_pair;
ALTER TABLE fact CLUSTER ON fact_key;
