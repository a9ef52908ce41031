CREATE TABLE parent (a integer, b integer, CONSTRAINT a_positive CHECK (a > 0), CONSTRAINT b_positive CHECK (b > 0) NO INHERIT);
CREATE TABLE child (c integer) INHERITS (parent);
