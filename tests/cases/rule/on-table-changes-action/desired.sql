-- The rule would turn a tool's own DELETE into an UPDATE.
CREATE TABLE t (id integer, gone boolean NOT NULL DEFAULT false);
CREATE RULE soft_delete AS ON DELETE TO t WHERE NOT old.gone DO INSTEAD UPDATE t SET gone = true WHERE id = old.id;
CREATE RULE keep AS ON UPDATE TO t WHERE old.gone DO INSTEAD NOTHING;
COMMENT ON RULE keep ON t IS 'gone is gone';
