CREATE TABLE stays (id integer PRIMARY KEY);
CREATE TABLE leaves (id integer PRIMARY KEY);
CREATE TABLE arrives (id integer PRIMARY KEY);
CREATE TABLE dropped (id integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE stays, leaves, dropped WITH (publish = 'insert, update, delete');
