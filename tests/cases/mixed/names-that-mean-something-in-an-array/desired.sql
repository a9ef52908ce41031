-- A catalog's rows come as text, and lists of names as an array's text: NULL, commas, braces, quotes and backslashes.
CREATE SCHEMA "NULL";
CREATE TABLE "NULL"."NULL" (
    "NULL" integer CONSTRAINT "NULL,NULL" PRIMARY KEY,
    "a,b" text NOT NULL,
    "{}" text DEFAULT 'NULL',
    "\" text,
    """" text,
    "
" text
);
CREATE INDEX "{NULL}" ON "NULL"."NULL" ("a,b", "{}", "\");
CREATE TYPE "NULL"."{a,b}" AS ENUM ('NULL', '', ' ', '"', '\', 'a,b', '{}');
CREATE SEQUENCE "NULL"."\N";
CREATE VIEW "NULL"."""" AS SELECT "NULL", """" AS "{""}" FROM "NULL"."NULL";
CREATE FUNCTION "NULL"."NULL"("{}" "NULL"."{a,b}") RETURNS text LANGUAGE sql AS $$select 'NULL'$$;
COMMENT ON TABLE "NULL"."NULL" IS 'NULL';
CREATE TABLE "NULL"."{}" ("NULL" integer REFERENCES "NULL"."NULL" ("NULL"));
