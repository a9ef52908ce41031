INSERT INTO message VALUES (1, 'hi', 'db');
