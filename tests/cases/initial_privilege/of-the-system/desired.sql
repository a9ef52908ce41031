-- pg_dump tells what differs from pg_init_privs.
CREATE TABLE t (id integer);
REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO app_reader;
REVOKE SELECT ON pg_proc FROM PUBLIC;
GRANT SELECT (proname, oid, tableoid) ON pg_proc TO PUBLIC;
GRANT SELECT ON pg_authid TO app_owner WITH GRANT OPTION;
GRANT USAGE ON TYPE int4 TO app_reader;
REVOKE USAGE ON LANGUAGE sql FROM PUBLIC;
GRANT CREATE ON SCHEMA pg_catalog TO app_owner;
