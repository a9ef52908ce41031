CREATE SCHEMA a;
CREATE TABLE a.t (id integer PRIMARY KEY, x integer);
CREATE TABLE a.u (id integer PRIMARY KEY, x integer);
CREATE PUBLICATION p FOR TABLE a.t (id), a.u (id);
CREATE PUBLICATION q FOR TABLE a.t (id);
