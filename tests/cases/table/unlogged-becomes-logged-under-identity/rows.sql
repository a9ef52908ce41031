INSERT INTO measurement (value) VALUES (1.5), (2.5);
