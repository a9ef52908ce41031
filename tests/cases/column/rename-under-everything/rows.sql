INSERT INTO employee VALUES (1, 'ann@example.org', NULL);
