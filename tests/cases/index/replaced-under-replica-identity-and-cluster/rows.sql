INSERT INTO fact VALUES (1, 2), (3, 4);
