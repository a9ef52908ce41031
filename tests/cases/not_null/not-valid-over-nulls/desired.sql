CREATE TABLE address (id integer PRIMARY KEY, street text, city text NOT NULL);
ALTER TABLE address ADD CONSTRAINT street_known NOT NULL street NOT VALID;
