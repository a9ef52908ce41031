INSERT INTO webhook VALUES (1, '{"a": 1}'), (2, '[]');
