CREATE TABLE p (a integer CONSTRAINT stated NOT NULL);
CREATE TABLE c (a integer) INHERITS (p);
