CREATE TABLE draft (id integer CONSTRAINT orders_id_not_null NOT NULL);
CREATE TABLE orders (id integer NOT NULL PRIMARY KEY);
COMMENT ON CONSTRAINT orders_id_not_null1 ON orders IS 'it gave way';
