CREATE TABLE person (id integer PRIMARY KEY);
CREATE TABLE passport (id integer PRIMARY KEY, person integer CONSTRAINT owner_fk REFERENCES person);
