CREATE TABLE node (id integer PRIMARY KEY, parent integer);
CREATE VIEW path AS SELECT id, ''::text AS path FROM node;
