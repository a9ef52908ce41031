INSERT INTO p VALUES (1, 1, 1), (11, 1, 1), (21, 1, 1);
