CREATE DOMAIN email AS varchar(255) CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
CREATE TABLE person (id integer PRIMARY KEY, email email NOT NULL);
CREATE VIEW mailing AS SELECT email FROM person;
