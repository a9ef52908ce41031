INSERT INTO file VALUES (1, 'text', '\x00ff', 7);
