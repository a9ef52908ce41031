INSERT INTO stock VALUES ('A-1', 0), ('B-2', 5);
