-- A column of the parent that its child states too is renamed in both, and so is a check.
CREATE TABLE p (b integer, CONSTRAINT positive CHECK (b > 0));
CREATE TABLE c (b integer, CONSTRAINT positive CHECK (b > 0), CONSTRAINT other UNIQUE (b)) INHERITS (p);
CREATE TABLE d (z text) INHERITS (c);
CREATE INDEX d_a ON d (b);
