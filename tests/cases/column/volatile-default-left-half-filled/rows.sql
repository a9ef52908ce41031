INSERT INTO person VALUES (1, NULL), (2, gen_random_uuid());
INSERT INTO typed VALUES (1, NULL); INSERT INTO spread VALUES (1, NULL); INSERT INTO given_up VALUES (1, NULL);
INSERT INTO users_own VALUES (1, 'a note');
