CREATE TABLE "User" (id integer PRIMARY KEY, "é" text, "Name" text);
CREATE TABLE "user" (id integer PRIMARY KEY, name text);
