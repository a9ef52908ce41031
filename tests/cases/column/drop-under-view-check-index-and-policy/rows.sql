INSERT INTO note VALUES (1, 'hello', false), (2, 'psst', true);
