CREATE TYPE mood AS ENUM ('ok', 'glad');
CREATE TABLE a (id bigint, name text, m mood);
CREATE TABLE b (id bigint, name text, m mood);
CREATE TABLE child (own integer) INHERITS (a, b);
CREATE TABLE grandchild () INHERITS (child);
CREATE TABLE local (id bigint, name text) INHERITS (b, a);
