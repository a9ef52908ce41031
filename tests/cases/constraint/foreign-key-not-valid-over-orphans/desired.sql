-- Stays NOT VALID: validating it would fail on row 2.
CREATE TABLE customer (id integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, customer integer);
ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer) REFERENCES customer NOT VALID;
