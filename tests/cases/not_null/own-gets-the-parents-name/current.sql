CREATE TABLE p (a integer);
CREATE TABLE c (a integer CONSTRAINT of_c NOT NULL) INHERITS (p);
