CREATE TABLE t (id integer, at timestamptz);
CREATE FUNCTION touch_v1() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.at := now(); RETURN new; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch_v1();
