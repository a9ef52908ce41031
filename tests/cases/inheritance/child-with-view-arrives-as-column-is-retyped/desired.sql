CREATE TABLE t (id integer PRIMARY KEY, n varchar(20), z integer);
CREATE VIEW v AS SELECT * FROM t;
CREATE TABLE c (q integer) INHERITS (t);
CREATE TABLE d () INHERITS (c);
CREATE VIEW cv AS SELECT n, q FROM c;
CREATE POLICY p ON d USING (n <> '');
