-- A blue-green swap: neither name is free when the first rename runs.
CREATE TABLE green (id integer CONSTRAINT first_key PRIMARY KEY, payload text);
CREATE TABLE blue (id bigint CONSTRAINT second_key PRIMARY KEY, payload jsonb);
