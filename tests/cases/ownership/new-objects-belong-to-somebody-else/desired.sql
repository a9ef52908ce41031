-- Created by the one who runs, handed over afterwards; the grants are then the new owner's.
CREATE TABLE t (id integer);
CREATE TABLE u (id integer PRIMARY KEY);
ALTER TABLE u OWNER TO app_owner;
GRANT SELECT ON u TO app_reader WITH GRANT OPTION;
CREATE VIEW w AS SELECT id FROM u;
ALTER VIEW w OWNER TO app_writer;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
ALTER FUNCTION f() OWNER TO app_owner;
REVOKE ALL ON FUNCTION f() FROM PUBLIC;
