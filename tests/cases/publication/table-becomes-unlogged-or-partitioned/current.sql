CREATE TABLE logged (id integer PRIMARY KEY);
CREATE TABLE whole (id integer PRIMARY KEY, x integer);
CREATE PUBLICATION p FOR TABLE logged, whole WITH (publish = 'insert');
