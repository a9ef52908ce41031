CREATE SCHEMA "select";
CREATE TABLE "select"."from" ("where" integer PRIMARY KEY, "group" text, "User" text DEFAULT 'user');
CREATE INDEX "order" ON "select"."from" ("group");
CREATE VIEW "select"."table" AS SELECT "where", "User" AS "user" FROM "select"."from";
