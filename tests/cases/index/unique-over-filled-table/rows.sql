INSERT INTO users VALUES (1, 'a@x', true), (2, 'a@x', false), (3, NULL, false);
