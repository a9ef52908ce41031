CREATE TABLE t2 (a integer, CONSTRAINT t_b_not_null CHECK (a > 0));
