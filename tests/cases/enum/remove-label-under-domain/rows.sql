INSERT INTO shift VALUES (1, 'tue');
