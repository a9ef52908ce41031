INSERT INTO account VALUES (1, 'Ann@example.org'), (2, 'bob@example.org');
