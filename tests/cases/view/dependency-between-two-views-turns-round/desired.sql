-- Replacing a by b's user first would need b without a: a cycle for tools that only replace.
CREATE TABLE t (id integer);
CREATE VIEW b AS SELECT id FROM t;
CREATE VIEW a AS SELECT id FROM b;
