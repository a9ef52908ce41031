CREATE TABLE shape (id integer, name text NOT NULL);
CREATE TABLE circle (radius real) INHERITS (shape);
