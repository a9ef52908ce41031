CREATE FUNCTION describe(bigint) RETURNS text LANGUAGE sql AS $$ SELECT 'bigint' $$;
CREATE FUNCTION describe(text) RETURNS text LANGUAGE sql AS $$ SELECT 'a text' $$;
CREATE FUNCTION describe(VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT 'texts' $$;
CREATE FUNCTION describe() RETURNS text LANGUAGE sql AS $$ SELECT 'nothing' $$;
COMMENT ON FUNCTION describe(text) IS 'of text';
