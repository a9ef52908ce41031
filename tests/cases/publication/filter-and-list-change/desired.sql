CREATE TABLE a (id integer PRIMARY KEY, x integer, y text);
CREATE TABLE b (id integer PRIMARY KEY, x integer, y text);
CREATE TABLE c (id integer PRIMARY KEY, x integer, y text);
CREATE TABLE d (id integer PRIMARY KEY, x integer, y text);
CREATE PUBLICATION p FOR TABLE a WHERE (x > 1), b (y, id), c (id) WHERE (id < 9), d;
