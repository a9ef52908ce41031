-- The sequence stands at 3: without RESTART the new MINVALUE is refused.
CREATE SEQUENCE customer_number MINVALUE 1000 START WITH 1000;
CREATE TABLE customer (number bigint PRIMARY KEY DEFAULT nextval('customer_number'));
