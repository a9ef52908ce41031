CREATE TABLE shape (width integer, area integer);
CREATE TABLE square (colour text) INHERITS (shape);
