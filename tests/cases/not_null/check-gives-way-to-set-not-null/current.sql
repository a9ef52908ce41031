CREATE TABLE person (id integer PRIMARY KEY, name text, CONSTRAINT has_name CHECK (name IS NOT NULL));
