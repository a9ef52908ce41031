INSERT INTO line (id, price, quantity) VALUES (1, 10, 3), (2, 5, 0);
