-- What is created under default privileges must end with dev's privileges, not with those.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO app_reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE TABLE t (id integer);
REVOKE ALL ON t FROM app_reader;
CREATE TABLE u (id integer);
CREATE VIEW v AS SELECT id FROM t;
REVOKE INSERT, UPDATE ON v FROM app_reader;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
GRANT EXECUTE ON FUNCTION f() TO PUBLIC;
