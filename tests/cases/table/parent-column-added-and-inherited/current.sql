CREATE TABLE animal (id integer);
CREATE TABLE bird (wings smallint) INHERITS (animal);
CREATE TABLE fish (legs smallint, name text) INHERITS (animal);
