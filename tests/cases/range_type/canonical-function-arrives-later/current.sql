CREATE TYPE public.r AS RANGE (SUBTYPE = integer);
CREATE FUNCTION public.length(public.r) RETURNS integer LANGUAGE sql AS 'SELECT upper($1) - lower($1)';
CREATE VIEW public.one AS SELECT public.length('[1,2)'::public.r);
