INSERT INTO "table" VALUES (1, 'a'), (2, 'b');
INSERT INTO "between" VALUES (1);
