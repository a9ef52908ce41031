CREATE TABLE parent (a integer, b integer, CONSTRAINT a_positive CHECK (a > 0) NO INHERIT, CONSTRAINT b_positive CHECK (b > 0));
CREATE TABLE child (c integer) INHERITS (parent);
