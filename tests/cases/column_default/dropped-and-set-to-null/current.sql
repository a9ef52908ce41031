CREATE DOMAIN score AS integer DEFAULT 5;
CREATE TABLE game (id integer PRIMARY KEY, home score, away score DEFAULT 0, level integer DEFAULT 1);
