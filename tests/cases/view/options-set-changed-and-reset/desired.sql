CREATE TABLE t (id integer, owner text);
CREATE VIEW a WITH (security_invoker = true, security_barrier = false) AS SELECT id FROM t;
CREATE VIEW b AS SELECT id FROM t WHERE owner = CURRENT_USER;
CREATE VIEW c AS SELECT id FROM t WHERE id > 0 WITH CASCADED CHECK OPTION;
