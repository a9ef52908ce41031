INSERT INTO cart_line VALUES (1, 5, 6);
