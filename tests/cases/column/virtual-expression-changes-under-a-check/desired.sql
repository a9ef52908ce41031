CREATE TABLE t (a integer, v integer GENERATED ALWAYS AS (a * 3) VIRTUAL, CHECK (v > 0));
CREATE TABLE w (a integer, v integer GENERATED ALWAYS AS (a * 3) VIRTUAL, CHECK (a > 0));
CREATE VIEW seen AS SELECT v FROM t;
