CREATE TABLE a (x integer NOT NULL, y integer CONSTRAINT q NOT NULL);
