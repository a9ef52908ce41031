CREATE TABLE parent (a integer, b integer);
CREATE TABLE child () INHERITS (parent);
ALTER TABLE child ALTER COLUMN a SET NOT NULL;
