-- Two forms of é, three of name: distinct columns for PostgreSQL, the same on paper.
CREATE TABLE "User" (id integer PRIMARY KEY, "é" text, "é" varchar(5), "Name" text, name integer, "NAME" date);
CREATE TABLE "user" (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE "USER" ("ID" integer PRIMARY KEY REFERENCES "user", "זמן" time, "İ" text, "ﬀ" text);
