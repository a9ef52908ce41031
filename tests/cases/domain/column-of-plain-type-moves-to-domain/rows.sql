INSERT INTO person VALUES (1, 'ann@example.org');
