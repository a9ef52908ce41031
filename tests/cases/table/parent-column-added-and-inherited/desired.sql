-- bird inherits name; fish had it already, so it becomes inherited and local: merged, and without the default unless someone sets it.
CREATE TABLE animal (id integer, name text DEFAULT 'unnamed');
CREATE TABLE bird (wings smallint) INHERITS (animal);
CREATE TABLE fish (legs smallint, name text) INHERITS (animal);
