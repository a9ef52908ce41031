CREATE TABLE pair (a integer, b integer, id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
