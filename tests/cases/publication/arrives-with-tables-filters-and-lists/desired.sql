CREATE TABLE orders (id integer PRIMARY KEY, region text NOT NULL, note text);
CREATE TABLE items (id integer PRIMARY KEY, price numeric);
CREATE TABLE fresh (id integer PRIMARY KEY, "Weird, col" text);
CREATE PUBLICATION plain;
CREATE PUBLICATION narrow FOR TABLE items, orders (region, id) WHERE (id > 10 AND region <> 'x'),
    fresh ("Weird, col", id) WITH (publish = 'insert, truncate');
CREATE PUBLICATION silent WITH (publish = '', publish_via_partition_root = true);
COMMENT ON PUBLICATION narrow IS 'for the warehouse';
ALTER PUBLICATION plain OWNER TO app_owner;
