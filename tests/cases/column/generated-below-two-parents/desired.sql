CREATE TABLE a (id integer, total integer GENERATED ALWAYS AS (id * 2) STORED);
CREATE TABLE b (x integer, total integer GENERATED ALWAYS AS (x * 22) STORED);
CREATE TABLE child (x integer, total integer GENERATED ALWAYS AS (x + 1) STORED) INHERITS (a, b);
