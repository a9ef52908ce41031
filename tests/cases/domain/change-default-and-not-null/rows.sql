INSERT INTO price VALUES (1, 'EUR'), (2, 'CHF');
