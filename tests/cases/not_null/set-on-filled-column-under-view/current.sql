CREATE TABLE person (id integer PRIMARY KEY, name text);
CREATE VIEW named AS SELECT name FROM person WHERE name IS NOT NULL;
