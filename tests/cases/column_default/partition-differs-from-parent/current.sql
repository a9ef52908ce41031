CREATE TABLE usage (tenant integer NOT NULL, source text DEFAULT 'web') PARTITION BY LIST (tenant);
CREATE TABLE usage_1 PARTITION OF usage FOR VALUES IN (1);
CREATE TABLE usage_2 PARTITION OF usage (source DEFAULT 'import') FOR VALUES IN (2);
