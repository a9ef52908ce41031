CREATE TABLE parent (a integer NOT NULL);
CREATE TABLE child (CONSTRAINT own NOT NULL a) INHERITS (parent);
