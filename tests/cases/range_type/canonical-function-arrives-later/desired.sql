CREATE TYPE public.r;
CREATE FUNCTION public.canon(public.r) RETURNS public.r LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE public.r AS RANGE (SUBTYPE = integer, CANONICAL = public.canon);
CREATE FUNCTION public.length(public.r) RETURNS integer LANGUAGE sql AS 'SELECT upper($1) - lower($1)';
CREATE VIEW public.one AS SELECT public.length('[1,2)'::public.r);
