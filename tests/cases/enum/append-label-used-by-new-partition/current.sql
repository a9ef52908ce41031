CREATE TYPE region AS ENUM ('eu', 'us');
CREATE TABLE visit (id integer, region region NOT NULL) PARTITION BY LIST (region);
CREATE TABLE visit_eu PARTITION OF visit FOR VALUES IN ('eu');
CREATE TABLE visit_us PARTITION OF visit FOR VALUES IN ('us');
