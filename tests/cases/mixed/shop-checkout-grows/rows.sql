INSERT INTO customer (email) VALUES ('ann@example.org'), ('bob@example.org');
INSERT INTO product (title, price) VALUES ('tea', 3.50), ('pot', 20.00);
INSERT INTO orders (customer_id, state) VALUES (1, 'cart'), (2, 'paid');
INSERT INTO order_line VALUES (1, 1, 2), (2, 2, 1);
