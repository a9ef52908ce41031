CREATE TABLE t (a integer, b text);
CREATE INDEX on_b ON t (b);
