CREATE TABLE kind (id integer PRIMARY KEY);
CREATE TABLE item (id integer, kind integer, CONSTRAINT of_kind FOREIGN KEY (kind) REFERENCES kind) PARTITION BY LIST (id);
CREATE TABLE item_1 PARTITION OF item FOR VALUES IN (1);
