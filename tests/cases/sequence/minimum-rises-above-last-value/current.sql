CREATE SEQUENCE customer_number;
CREATE TABLE customer (number bigint PRIMARY KEY DEFAULT nextval('customer_number'));
