CREATE TABLE product (id integer PRIMARY KEY, price numeric, stock integer);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER watch_price AFTER INSERT OR UPDATE OF price, stock ON product FOR EACH ROW WHEN (new.price > 0 AND new.stock = 0) EXECUTE FUNCTION watch();
COMMENT ON TRIGGER watch_price ON product IS 'kept';
