INSERT INTO person VALUES (1, NULL), (2, gen_random_uuid());
INSERT INTO other VALUES (1, 7);
