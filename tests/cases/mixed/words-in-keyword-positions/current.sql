CREATE TABLE "table" ("column" integer PRIMARY KEY, "check" text);
CREATE TABLE "between" ("values" integer);
