CREATE TABLE t (a integer, b text);
CREATE INDEX on_a ON t (a);
