INSERT INTO orders VALUES (1, 'x'), (11, 'y');
INSERT INTO items VALUES (1, 2);
