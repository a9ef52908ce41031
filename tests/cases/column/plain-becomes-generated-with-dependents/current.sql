CREATE TABLE person (id integer PRIMARY KEY, first text, last text, full_name text);
CREATE INDEX person_full_name ON person (full_name);
CREATE VIEW directory AS SELECT full_name FROM person;
