-- One gets the name that another has given up.
CREATE TABLE t (b integer, c text);
CREATE INDEX on_b ON t (c);
