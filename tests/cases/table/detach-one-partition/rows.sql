INSERT INTO event VALUES (1, 'old'), (101, 'new');
