INSERT INTO setting VALUES (NULL, 'a'), (NULL, 'b');
