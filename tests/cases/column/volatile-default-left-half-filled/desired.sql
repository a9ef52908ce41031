-- Gone on with; what is of another type now is made anew.
CREATE TABLE person (id integer PRIMARY KEY, token uuid DEFAULT gen_random_uuid() NOT NULL);
CREATE TABLE other (id integer, r double precision DEFAULT random());
