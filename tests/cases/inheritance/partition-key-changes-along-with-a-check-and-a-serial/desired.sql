CREATE TABLE product (name varchar(255), price integer CHECK (price > 0), PRIMARY KEY (name)) PARTITION BY LIST (name);
CREATE TABLE product_1 PARTITION OF product FOR VALUES IN ('one');
CREATE TABLE product_2 PARTITION OF product FOR VALUES IN ('two');
