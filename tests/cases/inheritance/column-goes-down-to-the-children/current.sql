CREATE TABLE base (a integer, b integer);
CREATE TABLE other (b integer) INHERITS (base);
CREATE TABLE same (b integer) INHERITS (base);
CREATE TABLE below (c integer, b integer) INHERITS (same);
