INSERT INTO blue VALUES (1, 'blue');
INSERT INTO green VALUES (2, '{"is": "green"}');
