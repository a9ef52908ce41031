CREATE TABLE "new.name" (id integer PRIMARY KEY, "A column" integer, "Z" text);
CREATE TABLE plain (id integer PRIMARY KEY);
CREATE PUBLICATION "new ""publication" FOR TABLE "new.name" (id, "A column") WHERE (id > 0 AND "A column" > 1), plain;
COMMENT ON PUBLICATION "new ""publication" IS 'kept';
