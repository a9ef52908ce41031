CREATE TABLE parent (a integer);
CREATE TABLE child (CONSTRAINT a_set NOT NULL a) INHERITS (parent);
ALTER TABLE parent ADD CONSTRAINT a_set NOT NULL a NOT VALID;
COMMENT ON CONSTRAINT a_set ON child IS 'valid';
COMMENT ON CONSTRAINT a_set ON parent IS 'not yet';
