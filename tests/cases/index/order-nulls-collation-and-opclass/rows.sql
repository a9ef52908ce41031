INSERT INTO article VALUES (1, 'b', '2024-01-01'), (2, NULL, NULL);
