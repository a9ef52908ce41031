INSERT INTO vote VALUES (1, '5'), (2, '17'), (3, NULL);
