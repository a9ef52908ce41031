CREATE TABLE product (id integer PRIMARY KEY, price numeric, stock integer);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER watch_price AFTER UPDATE OF price ON product FOR EACH ROW EXECUTE FUNCTION watch();
COMMENT ON TRIGGER watch_price ON product IS 'kept';
