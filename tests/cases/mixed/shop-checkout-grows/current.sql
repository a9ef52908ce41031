CREATE TYPE order_state AS ENUM ('cart', 'paid');
CREATE TABLE customer (id serial PRIMARY KEY, email varchar(100) NOT NULL UNIQUE);
CREATE TABLE product (id serial PRIMARY KEY, title text NOT NULL, price numeric(8,2) NOT NULL);
CREATE TABLE orders (id serial PRIMARY KEY, customer_id integer REFERENCES customer, state order_state DEFAULT 'cart');
CREATE TABLE order_line (order_id integer REFERENCES orders ON DELETE CASCADE, product_id integer REFERENCES product, quantity smallint DEFAULT 1, PRIMARY KEY (order_id, product_id));
CREATE VIEW order_total AS SELECT l.order_id, sum(l.quantity * p.price) AS total FROM order_line l JOIN product p ON p.id = l.product_id GROUP BY l.order_id;
