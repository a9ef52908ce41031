INSERT INTO device VALUES (1), (2), (3);
