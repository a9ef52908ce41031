INSERT INTO item VALUES (5, 'five'), (6, 'six');
