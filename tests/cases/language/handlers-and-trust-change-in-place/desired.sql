CREATE FUNCTION public.other_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION public.inline_handler(internal) RETURNS void STRICT LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE TRUSTED LANGUAGE pl HANDLER public.other_handler INLINE public.inline_handler;
COMMENT ON LANGUAGE pl IS 'stays';
GRANT USAGE ON LANGUAGE pl TO app_reader;
CREATE FUNCTION public.two() RETURNS integer LANGUAGE pl AS 'BEGIN RETURN 2; END';
CREATE TRUSTED LANGUAGE "new name" HANDLER public.other_handler;
