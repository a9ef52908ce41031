CREATE TABLE p (b integer);
CREATE TABLE c (a integer) INHERITS (p);
CREATE TABLE d (a integer NOT NULL) INHERITS (p);
