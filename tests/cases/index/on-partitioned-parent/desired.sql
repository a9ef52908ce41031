-- No CONCURRENTLY on a parent: ON ONLY, each leaf, attach; the inner node too. At the end all are valid.
CREATE TABLE hit (id integer, path text) PARTITION BY RANGE (id);
CREATE TABLE hit_1 PARTITION OF hit FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);
CREATE TABLE hit_1_1 PARTITION OF hit_1 FOR VALUES FROM (0) TO (5);
CREATE TABLE hit_2 PARTITION OF hit FOR VALUES FROM (10) TO (20);
CREATE INDEX hit_path ON hit (path);
