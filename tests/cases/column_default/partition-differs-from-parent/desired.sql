-- ALTER on the parent would recurse and wipe out the partition's own default.
CREATE TABLE usage (tenant integer NOT NULL, source text DEFAULT 'app') PARTITION BY LIST (tenant);
CREATE TABLE usage_1 PARTITION OF usage FOR VALUES IN (1);
ALTER TABLE usage_1 ALTER source DROP DEFAULT;
CREATE TABLE usage_2 PARTITION OF usage (source DEFAULT 'import') FOR VALUES IN (2);
