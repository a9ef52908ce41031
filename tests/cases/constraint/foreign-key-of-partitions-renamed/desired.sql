-- PostgreSQL renames the foreign key of the table alone, and those of its partitions keep their names.
CREATE TABLE kind (id integer PRIMARY KEY);
CREATE TABLE item (id integer, kind integer, CONSTRAINT item_kind FOREIGN KEY (kind) REFERENCES kind) PARTITION BY LIST (id);
CREATE TABLE item_1 PARTITION OF item FOR VALUES IN (1);
