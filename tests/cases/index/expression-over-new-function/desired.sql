CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT lower(btrim($1)) $$;
CREATE TABLE person (id integer PRIMARY KEY, name text);
CREATE INDEX person_plain ON person (plain(name), (id % 10)) WHERE plain(name) <> '';
ALTER INDEX person_plain ALTER COLUMN 1 SET STATISTICS 500;
