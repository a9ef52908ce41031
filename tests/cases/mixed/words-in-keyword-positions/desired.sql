CREATE TYPE "cast" AS ENUM ('select', 'from');
CREATE TABLE "table" ("column" bigint PRIMARY KEY, "check" text NOT NULL DEFAULT 'default', "interval" "cast", "primary" "char", CONSTRAINT "unique" UNIQUE ("check"));
CREATE TABLE "between" ("values" bigint CONSTRAINT "foreign" REFERENCES "table" ("column") ON DELETE SET DEFAULT);
CREATE INDEX "using" ON "table" ("interval", "primary");
CREATE VIEW "window" AS SELECT "column" AS "end", "check" AS "analyse" FROM "table" AS "join";
CREATE FUNCTION "array"("in" integer, "out" integer) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
CREATE TRIGGER "before" BEFORE UPDATE OF "check" ON "table" FOR EACH ROW WHEN (old."check" <> new."check") EXECUTE FUNCTION suppress_redundant_updates_trigger();
