INSERT INTO region VALUES (1);
INSERT INTO sale VALUES (1, 1), (2, 1), (3, 1), (4, 1);
