CREATE TABLE blue (id integer CONSTRAINT first_key PRIMARY KEY, payload text);
CREATE TABLE green (id bigint CONSTRAINT second_key PRIMARY KEY, payload jsonb);
