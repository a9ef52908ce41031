INSERT INTO range_of VALUES (1, 2);
