-- tgargs is a byte string, its parts separated by zero bytes; an empty one counts.
CREATE TABLE t (id integer);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER with_arguments BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f('it''s', '', 'back\slash', E'new\nline', '$$;--', 'ünï', 42);
