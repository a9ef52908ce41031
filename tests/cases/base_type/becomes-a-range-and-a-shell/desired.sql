CREATE TYPE public.a;
CREATE FUNCTION public.a_canonical(public.a) RETURNS public.a LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE public.a AS RANGE (SUBTYPE = integer, CANONICAL = public.a_canonical);
CREATE TYPE public.b;
CREATE FUNCTION public.b_in(cstring) RETURNS public.b LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
