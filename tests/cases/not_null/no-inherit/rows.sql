INSERT INTO circle VALUES (1, 'unit', 1.0);
