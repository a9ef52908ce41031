CREATE SCHEMA "my.app";
CREATE TYPE "my.app"."type's" AS ENUM ('a''b');
CREATE TABLE "my.app"."a ""quoted"" table" ("col.umn" bigint PRIMARY KEY, "new
line" text NOT NULL DEFAULT '
', " " "my.app"."type's", "tab	and \back" integer, CONSTRAINT "che""ck" CHECK ("new
line" <> ''));
CREATE INDEX "in.dex ""x""" ON "my.app"."a ""quoted"" table" (lower("new
line"));
CREATE VIEW "my.app"."v;--" AS SELECT "col.umn" AS "a.b", " " FROM "my.app"."a ""quoted"" table";
CREATE FUNCTION "my.app"."f(x)"("arg ""1""" integer) RETURNS integer LANGUAGE sql AS $$ SELECT "arg ""1""" $$;
COMMENT ON COLUMN "my.app"."a ""quoted"" table"." " IS 'a space';
GRANT SELECT ("col.umn", " ") ON "my.app"."a ""quoted"" table" TO app_reader;
