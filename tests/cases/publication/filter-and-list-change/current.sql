CREATE TABLE a (id integer PRIMARY KEY, x integer, y text);
CREATE TABLE b (id integer PRIMARY KEY, x integer, y text);
CREATE TABLE c (id integer PRIMARY KEY, x integer, y text);
CREATE TABLE d (id integer PRIMARY KEY, x integer, y text);
CREATE PUBLICATION p FOR TABLE a WHERE (x > 0), b (id, x), c, d (id, x, y) WHERE (y = 'é' OR x IS NULL);
