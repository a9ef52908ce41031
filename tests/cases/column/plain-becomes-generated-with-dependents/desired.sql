-- Only a new column can be generated: index and view are restored around it. Backward, DROP EXPRESSION keeps the values.
CREATE TABLE person (id integer PRIMARY KEY, first text, last text, full_name text GENERATED ALWAYS AS (first || ' ' || last) STORED);
CREATE INDEX person_full_name ON person (full_name);
CREATE VIEW directory AS SELECT full_name FROM person;
