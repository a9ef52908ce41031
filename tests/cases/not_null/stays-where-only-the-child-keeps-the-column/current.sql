CREATE TABLE p (a integer NOT NULL, b integer);
CREATE TABLE c () INHERITS (p);
CREATE TABLE d () INHERITS (p);
