INSERT INTO person SELECT g, repeat('x', 500) FROM generate_series(1, 3000) g;
INSERT INTO "Note 1" VALUES ('a', 1), ('b', 2);
INSERT INTO part VALUES (1); INSERT INTO watched VALUES (1);
ALTER TABLE doubted DROP CONSTRAINT positive; INSERT INTO doubted VALUES (-1);
ALTER TABLE doubted ADD CONSTRAINT positive CHECK (v > 0) NOT VALID;
INSERT INTO held VALUES (1); INSERT INTO long VALUES (1), (2);
