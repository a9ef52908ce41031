CREATE TABLE top (id integer, name varchar(10));
CREATE TABLE middle (id integer, name varchar(10)) INHERITS (top);
CREATE TABLE bottom () INHERITS (middle);
CREATE TABLE root (id integer, name varchar(10)) PARTITION BY LIST (id);
CREATE TABLE inner_1 PARTITION OF root FOR VALUES IN (1, 2) PARTITION BY LIST (id);
CREATE TABLE leaf PARTITION OF inner_1 FOR VALUES IN (1);
