CREATE TABLE base (a integer, b integer);
CREATE TABLE leaf () INHERITS (base);
CREATE TABLE twig () INHERITS (leaf);
CREATE TABLE part (k integer, v integer) PARTITION BY LIST (k);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
