CREATE TYPE kind AS ENUM ();
CREATE TABLE thing (id integer PRIMARY KEY, kind kind);
