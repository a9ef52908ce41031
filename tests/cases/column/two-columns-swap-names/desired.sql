CREATE TABLE coordinate (id integer PRIMARY KEY, y integer, x text);
