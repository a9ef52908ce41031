CREATE TABLE base (a integer);
CREATE TABLE other (b text) INHERITS (base);
CREATE TABLE same (b integer) INHERITS (base);
CREATE TABLE below (c integer, b integer) INHERITS (same);
CREATE TABLE fresh (b text) INHERITS (base);
CREATE TABLE filled (b integer NOT NULL DEFAULT 3) INHERITS (base);
