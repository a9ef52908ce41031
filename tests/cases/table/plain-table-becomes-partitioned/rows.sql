INSERT INTO audit VALUES (1, '2024-06-01', 'in 2024'), (2, '1999-01-01', 'before');
