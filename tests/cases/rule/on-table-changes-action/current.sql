CREATE TABLE t (id integer, gone boolean NOT NULL DEFAULT false);
CREATE RULE soft_delete AS ON DELETE TO t DO INSTEAD UPDATE t SET gone = true WHERE id = old.id;
