CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');
CREATE TABLE a (id integer, name varchar(10), m mood);
CREATE TABLE b (id integer, name varchar(10), m mood);
CREATE TABLE child (own integer) INHERITS (a, b);
CREATE TABLE grandchild () INHERITS (child);
CREATE TABLE local (id integer, name varchar(10)) INHERITS (b, a);
