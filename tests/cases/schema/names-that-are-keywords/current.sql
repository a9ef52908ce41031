CREATE SCHEMA "select";
CREATE TABLE "select"."from" ("where" integer PRIMARY KEY);
