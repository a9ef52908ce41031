CREATE TABLE parent (v integer);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE root (v integer) PARTITION BY LIST (v);
CREATE TABLE part PARTITION OF root FOR VALUES IN (1);
