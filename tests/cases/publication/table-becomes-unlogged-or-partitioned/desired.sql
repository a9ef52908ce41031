CREATE UNLOGGED TABLE logged (id integer PRIMARY KEY);
CREATE TABLE whole (id integer PRIMARY KEY, x integer) PARTITION BY RANGE (id);
CREATE PUBLICATION p FOR TABLE whole WITH (publish = 'insert');
