-- Replaced in place: nothing that hangs on it has to go.
CREATE FUNCTION bucket(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT $1 % 100 $$;
CREATE TABLE item (id integer PRIMARY KEY, generated integer GENERATED ALWAYS AS (bucket(id)) STORED);
CREATE INDEX item_bucket ON item (bucket(id));
