INSERT INTO import VALUES (1, 'a'), (2, 'b');
