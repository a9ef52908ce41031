CREATE TABLE customer (id integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, customer integer);
