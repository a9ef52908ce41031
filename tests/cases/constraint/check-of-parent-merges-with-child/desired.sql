CREATE TABLE parent (a integer, CONSTRAINT a_small CHECK (a < 100));
CREATE TABLE child (CONSTRAINT a_small CHECK (a < 100)) INHERITS (parent);
CREATE TABLE other () INHERITS (parent);
