-- Whoever splits scripts at semicolons or counts quotes is wrong in each of these.
CREATE TABLE t (id integer PRIMARY KEY, s text DEFAULT ';--' CONSTRAINT c CHECK (s <> '; DROP TABLE t; /*'));
CREATE INDEX i ON t (replace(s, '$$', ';')) WHERE s <> E'\\;--';
CREATE VIEW v AS SELECT id, '/* not a comment */ -- nor this;'::text AS s FROM t;
CREATE POLICY p ON t USING (s <> '$policy$; --''');
CREATE RULE r AS ON DELETE TO t WHERE old.s = ';' DO INSTEAD NOTHING;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN EXECUTE $$ SELECT ';' $$; /* /* nested */ ; */ RETURN new; END -- end;
$f$;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW WHEN (new.s LIKE '%;%--') EXECUTE FUNCTION f(';', '--');
