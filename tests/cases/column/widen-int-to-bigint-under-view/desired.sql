-- The view blocks ALTER TYPE; dropping it loses the grant.
CREATE TABLE orders (id integer PRIMARY KEY, quantity bigint NOT NULL);
CREATE VIEW busy AS SELECT id, quantity FROM orders WHERE quantity > 10;
GRANT SELECT ON busy TO app_reader;
