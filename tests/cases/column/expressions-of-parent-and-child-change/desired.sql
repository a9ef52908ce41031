CREATE TABLE p (a integer, b integer GENERATED ALWAYS AS (a * 4) STORED);
CREATE TABLE c (a integer, b integer GENERATED ALWAYS AS (a * 5) STORED) INHERITS (p);
