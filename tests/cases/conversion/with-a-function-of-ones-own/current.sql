CREATE FUNCTION public.own(integer, integer, cstring, internal, integer, boolean) RETURNS integer LANGUAGE c STRICT AS '$libdir/utf8_and_iso8859_1', 'iso8859_1_to_utf8';
CREATE CONVERSION public.c FOR 'LATIN1' TO 'UTF8' FROM public.own;
