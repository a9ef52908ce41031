CREATE TABLE person (id integer PRIMARY KEY, name text, street text, city text);
CREATE INDEX person_city ON person (city);
CREATE VIEW label AS SELECT name, street, city FROM person;
