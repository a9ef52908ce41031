INSERT INTO reading VALUES (5, 1.5), (250, 2.5);
