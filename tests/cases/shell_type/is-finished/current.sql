CREATE TYPE public.later;
COMMENT ON TYPE public.later IS 'not yet';
CREATE TYPE public.never;
ALTER TYPE public.never OWNER TO app_owner;
CREATE FUNCTION public.later_in(cstring) RETURNS public.later LANGUAGE internal IMMUTABLE STRICT AS 'textin';
ALTER TYPE public.later OWNER TO app_writer;
