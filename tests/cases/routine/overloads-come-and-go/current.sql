CREATE FUNCTION describe(integer) RETURNS text LANGUAGE sql AS $$ SELECT 'int' $$;
CREATE FUNCTION describe(text) RETURNS text LANGUAGE sql AS $$ SELECT 'text' $$;
COMMENT ON FUNCTION describe(text) IS 'of text';
