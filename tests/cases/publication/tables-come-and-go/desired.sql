CREATE TABLE stays (id integer PRIMARY KEY);
CREATE TABLE leaves (id integer PRIMARY KEY);
CREATE TABLE arrives (id integer PRIMARY KEY);
CREATE TABLE created (id integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE stays, arrives, created WITH (publish = 'insert, truncate');
