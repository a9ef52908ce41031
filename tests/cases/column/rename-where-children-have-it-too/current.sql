CREATE TABLE p (a integer, CONSTRAINT low CHECK (a > 0));
CREATE TABLE c (a integer, CONSTRAINT low CHECK (a > 0), CONSTRAINT other UNIQUE (a)) INHERITS (p);
CREATE TABLE d (z text) INHERITS (c);
CREATE INDEX d_a ON d (a);
