CREATE SCHEMA "NULL";
CREATE TABLE "NULL"."NULL" ("NULL" integer, "a,b" text);
CREATE TABLE "NULL"."{}" ("NULL" integer);
