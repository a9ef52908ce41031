CREATE TABLE t (b integer, a text);
CREATE INDEX on_a ON t (b);
