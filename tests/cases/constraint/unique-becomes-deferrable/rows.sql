INSERT INTO playlist VALUES (1, 'a'), (2, 'b');
