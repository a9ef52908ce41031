CREATE TABLE unrelated (id integer);
CREATE TABLE measure (a integer, b integer);
CREATE TABLE measure_doubled (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED) INHERITS (measure);
