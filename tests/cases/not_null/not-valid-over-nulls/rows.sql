INSERT INTO address VALUES (1, NULL, 'Rome');
