INSERT INTO usage VALUES (1, 'web'), (2, 'x');
