INSERT INTO hit VALUES (1, '/'), (11, '/a');
