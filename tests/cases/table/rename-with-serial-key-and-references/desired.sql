-- Key, sequence and (from 18 on) NOT NULL constraints are named after the table; the sequence must keep its position.
CREATE TABLE customer (id serial PRIMARY KEY, name text NOT NULL);
CREATE INDEX customer_name_idx ON customer (name);
CREATE TABLE contract (id integer PRIMARY KEY, client_id integer REFERENCES customer);
CREATE VIEW client_name AS SELECT name FROM customer;
