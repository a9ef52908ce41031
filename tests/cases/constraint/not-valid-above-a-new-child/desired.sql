CREATE TABLE other (a integer);
CREATE TABLE base (a integer, b integer);
CREATE TABLE leaf () INHERITS (base);
CREATE TABLE twig () INHERITS (leaf);
ALTER TABLE base ADD CONSTRAINT base_a CHECK (a > 0) NOT VALID;
ALTER TABLE leaf VALIDATE CONSTRAINT base_a;
COMMENT ON CONSTRAINT base_a ON leaf IS 'valid';
COMMENT ON CONSTRAINT base_a ON base IS 'not valid';
