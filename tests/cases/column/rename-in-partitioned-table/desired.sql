-- The partition key itself is renamed, and in every partition with it.
CREATE TABLE click (id integer NOT NULL, clicked_on date NOT NULL, PRIMARY KEY (id, clicked_on)) PARTITION BY RANGE (clicked_on);
CREATE TABLE click_2024 PARTITION OF click FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
