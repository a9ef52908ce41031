INSERT INTO country VALUES ('de', 'Germany');
INSERT INTO city VALUES (1, 'de'), (2, NULL);
