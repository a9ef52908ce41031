CREATE TABLE t (id integer, at timestamptz);
CREATE FUNCTION touch_v2() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.at := clock_timestamp(); RETURN new; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch_v2();
