CREATE TYPE kind AS ENUM ('a', 'b');
CREATE TABLE thing (id integer PRIMARY KEY, kind kind);
