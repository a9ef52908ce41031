INSERT INTO template VALUES (1, 'x', 'y');
