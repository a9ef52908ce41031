INSERT INTO alert VALUES (1, 'low', NULL), (2, 'high', 'disk');
