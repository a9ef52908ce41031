-- The partitions stay: they leave the old parent, get the columns of the new one, and come to it.
CREATE TABLE product (id integer, name varchar(255)) PARTITION BY LIST (name);
CREATE TABLE product_1 PARTITION OF product FOR VALUES IN ('one');
CREATE UNIQUE INDEX product_1_name ON product_1 (name, id);
