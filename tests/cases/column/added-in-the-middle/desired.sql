-- PostgreSQL appends: the order of columns is set aside, the view's order is not.
CREATE TABLE t (a integer, b text, c integer);
CREATE VIEW v AS SELECT * FROM t;
