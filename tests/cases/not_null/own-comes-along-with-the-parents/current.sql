CREATE TABLE p (a integer, b integer NOT NULL);
CREATE TABLE c (a integer) INHERITS (p);
CREATE TABLE d (a integer) INHERITS (p);
CREATE TABLE e () INHERITS (p);
