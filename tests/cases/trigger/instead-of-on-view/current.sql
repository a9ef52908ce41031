CREATE TABLE t (id integer, kind text);
CREATE VIEW v AS SELECT id FROM t WHERE kind = 'v';
