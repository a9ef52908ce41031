CREATE TABLE p (a integer NOT NULL, x integer, b integer NOT NULL);
CREATE TABLE c () INHERITS (p);
CREATE TABLE z (a integer NOT NULL) INHERITS (c);
CREATE TABLE d (b integer NOT NULL) INHERITS (p);
CREATE TABLE e (b integer CONSTRAINT e_has NOT NULL) INHERITS (p);
