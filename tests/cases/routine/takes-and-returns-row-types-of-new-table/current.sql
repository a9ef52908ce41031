CREATE TABLE person (id integer PRIMARY KEY, first text, last text);
