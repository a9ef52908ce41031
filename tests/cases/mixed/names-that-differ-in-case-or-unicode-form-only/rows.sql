INSERT INTO "User" VALUES (1, 'composed', 'A');
INSERT INTO "user" VALUES (1, 'b');
