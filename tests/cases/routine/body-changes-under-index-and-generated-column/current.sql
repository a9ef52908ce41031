CREATE FUNCTION bucket(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT $1 % 10 $$;
CREATE TABLE item (id integer PRIMARY KEY, generated integer GENERATED ALWAYS AS (bucket(id)) STORED);
CREATE INDEX item_bucket ON item (bucket(id));
