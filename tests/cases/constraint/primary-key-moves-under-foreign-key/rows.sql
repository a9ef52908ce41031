INSERT INTO currency VALUES (1, 'EUR'), (2, 'USD');
INSERT INTO price VALUES (9.99, 1);
