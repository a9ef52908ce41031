CREATE FUNCTION public.own2(integer, integer, cstring, internal, integer, boolean) RETURNS integer LANGUAGE internal STRICT AS 'iso8859_1_to_utf8';
CREATE CONVERSION public.c FOR 'LATIN1' TO 'UTF8' FROM public.own2;
