-- fast_path keeps its name and is attached, not doubled; the unique one stays hit_1's own.
CREATE TABLE hit (id integer, path text) PARTITION BY RANGE (id);
CREATE TABLE hit_1 PARTITION OF hit FOR VALUES FROM (0) TO (10);
CREATE TABLE hit_2 PARTITION OF hit FOR VALUES FROM (10) TO (20);
CREATE INDEX fast_path ON hit_1 (path);
CREATE UNIQUE INDEX once ON hit_1 (id, path);
CREATE INDEX all_paths ON ONLY hit (path);
ALTER INDEX all_paths ATTACH PARTITION fast_path;
CREATE INDEX hit_2_paths ON hit_2 (path);
ALTER INDEX all_paths ATTACH PARTITION hit_2_paths;
