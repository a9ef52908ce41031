CREATE TABLE product (id serial, category text) PARTITION BY LIST (category);
CREATE TABLE product_1 PARTITION OF product FOR VALUES IN ('one');
CREATE TABLE product_2 PARTITION OF product FOR VALUES IN ('two');
