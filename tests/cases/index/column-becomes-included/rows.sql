INSERT INTO stock VALUES ('a', 'x', 1), ('a', 'y', 2);
