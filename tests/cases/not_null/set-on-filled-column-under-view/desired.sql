CREATE TABLE person (id integer PRIMARY KEY, name text NOT NULL);
CREATE VIEW named AS SELECT name FROM person WHERE name IS NOT NULL;
