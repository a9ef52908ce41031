CREATE TABLE person (id integer PRIMARY KEY, email varchar(255) NOT NULL);
CREATE VIEW mailing AS SELECT email FROM person;
