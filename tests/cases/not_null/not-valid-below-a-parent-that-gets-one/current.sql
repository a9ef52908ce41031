CREATE TABLE p (a integer, b integer);
CREATE TABLE c (a integer, b integer) INHERITS (p);
ALTER TABLE c ADD CONSTRAINT c_a_not_null NOT NULL a NOT VALID;
ALTER TABLE c ADD CONSTRAINT c_b_not_null NOT NULL b NOT VALID;
