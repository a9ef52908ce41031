-- Another result type: dropped and created. PUBLIC must not gain EXECUTE, not even between two statements.
CREATE FUNCTION secret(a integer) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT 1::bigint $$;
REVOKE ALL ON FUNCTION secret(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION secret(integer) TO app_reader;
ALTER FUNCTION secret(integer) OWNER TO app_owner;
