CREATE SCHEMA "Sch. é";
CREATE TABLE "Sch. é"."t; DROP TABLE x; --" (id integer PRIMARY KEY, "c""1" integer, "select" text);
