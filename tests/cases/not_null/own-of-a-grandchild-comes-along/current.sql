CREATE TABLE p (a integer, x integer);
CREATE TABLE c () INHERITS (p);
CREATE TABLE z (a integer) INHERITS (c);
CREATE TABLE d (b integer) INHERITS (p);
CREATE TABLE e (b integer CONSTRAINT e_had NOT NULL) INHERITS (p);
