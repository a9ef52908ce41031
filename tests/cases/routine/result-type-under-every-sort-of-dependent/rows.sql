INSERT INTO word (id, w) VALUES (1, 'a'), (2, 'b');
