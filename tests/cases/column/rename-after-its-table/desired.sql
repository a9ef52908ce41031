CREATE TABLE "t 2" ("A" integer CONSTRAINT t_pkey PRIMARY KEY, b text);
CREATE VIEW v AS SELECT "A" AS a, b FROM "t 2";
