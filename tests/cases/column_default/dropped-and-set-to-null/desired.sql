-- DEFAULT NULL over a domain with a default is a default of its own; on a plain type it is none.
CREATE DOMAIN score AS integer DEFAULT 5;
CREATE TABLE game (id integer PRIMARY KEY, home score DEFAULT NULL, away score, level integer DEFAULT NULL);
