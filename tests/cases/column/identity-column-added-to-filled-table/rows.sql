INSERT INTO pair VALUES (1, 2), (1, 2), (3, 4);
