CREATE FUNCTION public.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION public.validator(oid) RETURNS void STRICT LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE pl HANDLER public.handler VALIDATOR public.validator;
COMMENT ON LANGUAGE pl IS 'stays';
GRANT USAGE ON LANGUAGE pl TO app_reader;
CREATE FUNCTION public.two() RETURNS integer LANGUAGE pl AS 'BEGIN RETURN 2; END';
CREATE LANGUAGE renamed HANDLER public.handler;
