CREATE TABLE top (id integer, name text);
CREATE TABLE middle (id integer, name text);
CREATE TABLE bottom () INHERITS (middle);
CREATE TABLE root (id integer, name text) PARTITION BY LIST (id);
CREATE TABLE inner_1 (id integer, name text) PARTITION BY LIST (id);
CREATE TABLE leaf PARTITION OF inner_1 FOR VALUES IN (1);
