CREATE TYPE public.num;
CREATE FUNCTION public.num_in(cstring) RETURNS public.num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION public.num_out(public.num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.num (INPUT = public.num_in, OUTPUT = public.num_out, LIKE = integer);
COMMENT ON TYPE public.num IS 'a number';
CREATE CAST (public.num AS integer) WITHOUT FUNCTION AS IMPLICIT;
CREATE FUNCTION public.plus(public.num) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1::integer + 1';
CREATE VIEW public.next AS SELECT public.plus('1'::public.num) AS number;
GRANT SELECT ON public.next TO app_reader;
