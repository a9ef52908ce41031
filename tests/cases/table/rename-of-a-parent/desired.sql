CREATE TABLE "new Root" (id integer CONSTRAINT old_root_pkey PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE leaf PARTITION OF "new Root" FOR VALUES FROM (1) TO (9);
CREATE TABLE new_parent (x integer);
CREATE TABLE child (y integer) INHERITS (new_parent);
