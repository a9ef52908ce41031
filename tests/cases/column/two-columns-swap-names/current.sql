CREATE TABLE coordinate (id integer PRIMARY KEY, x integer, y text);
