INSERT INTO doc (id, body, token, at, spot) VALUES (1, '{"a": [1]}', 't', '2024-01-01', '(1,2)');
