CREATE TABLE product (category text) PARTITION BY LIST (category);
CREATE TABLE product_1 PARTITION OF product FOR VALUES IN ('one');
GRANT SELECT ON product TO app_reader;
CREATE INDEX product_1_category ON product_1 (category);
