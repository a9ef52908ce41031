-- Dropped and created under default privileges that were not there when they were made. The function has another owner.
CREATE TABLE t (id integer, name text);
CREATE VIEW v AS SELECT name, id FROM t;
CREATE VIEW hidden AS SELECT name, id FROM t;
REVOKE ALL ON hidden FROM postgres;
GRANT SELECT (id) ON v TO app_reader;
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;
ALTER FUNCTION f(integer) OWNER TO app_owner;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO app_reader;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TYPES TO app_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO app_owner, app_writer;
