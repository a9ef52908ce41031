CREATE TABLE t (id integer, name text);
CREATE VIEW v AS SELECT id, name FROM t WHERE id IN (1, 2) AND name NOT LIKE 'x%';
