CREATE TABLE team (id integer PRIMARY KEY);
