CREATE TABLE shape (width integer, area integer GENERATED ALWAYS AS (width * width) STORED);
CREATE TABLE square (colour text) INHERITS (shape);
