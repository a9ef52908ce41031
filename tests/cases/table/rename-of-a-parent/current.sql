CREATE TABLE old_root (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE leaf PARTITION OF old_root FOR VALUES FROM (1) TO (9);
CREATE TABLE old_parent (x integer);
CREATE TABLE child (y integer) INHERITS (old_parent);
