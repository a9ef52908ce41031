CREATE TABLE shape (id integer, name text, CONSTRAINT shape_named NOT NULL name NO INHERIT);
CREATE TABLE circle (radius real) INHERITS (shape);
