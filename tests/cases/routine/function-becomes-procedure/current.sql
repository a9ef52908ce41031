CREATE FUNCTION cleanup(days integer) RETURNS void LANGUAGE sql AS $$ SELECT $$;
GRANT EXECUTE ON FUNCTION cleanup(integer) TO app_writer;
