CREATE TABLE product (id integer PRIMARY KEY, price numeric);
ALTER TABLE product ADD CONSTRAINT price_positive CHECK (price > 0) NOT VALID;
