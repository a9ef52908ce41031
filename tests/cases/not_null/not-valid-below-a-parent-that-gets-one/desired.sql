CREATE TABLE p (a integer NOT NULL, b integer);
CREATE TABLE c (a integer, b integer);
ALTER TABLE c ADD CONSTRAINT c_b_not_null NOT NULL b NOT VALID;
ALTER TABLE c ADD CONSTRAINT c_a_not_null NOT NULL a;
ALTER TABLE c INHERIT p;
