CREATE FUNCTION secret(a integer) RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION secret(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION secret(integer) TO app_reader;
ALTER FUNCTION secret(integer) OWNER TO app_owner;
