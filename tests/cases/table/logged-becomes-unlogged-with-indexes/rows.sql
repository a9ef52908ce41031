INSERT INTO session VALUES (1, 'a'), (2, 'b');
