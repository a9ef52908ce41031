INSERT INTO city VALUES (1, 'Zürich'), (2, 'Århus');
