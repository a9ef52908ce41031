CREATE TABLE account (id integer NOT NULL, code text NOT NULL);
