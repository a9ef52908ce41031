INSERT INTO coordinate VALUES (1, 10, 'north');
