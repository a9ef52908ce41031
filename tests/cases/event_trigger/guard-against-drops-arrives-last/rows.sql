INSERT INTO kept VALUES (1, 'x');
