INSERT INTO account VALUES (1, 'a'), (2, 'b');
