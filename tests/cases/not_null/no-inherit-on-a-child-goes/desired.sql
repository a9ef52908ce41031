CREATE TABLE p (a integer CONSTRAINT p_has NOT NULL);
CREATE TABLE c (a integer) INHERITS (p);
