CREATE SCHEMA "my.app";
CREATE TABLE "my.app"."a ""quoted"" table" ("col.umn" integer PRIMARY KEY, "new
line" text);
