CREATE TYPE public.num;
CREATE FUNCTION public.num_in(cstring) RETURNS public.num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION public.num_out(public.num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.num (INPUT = public.num_in, OUTPUT = public.num_out, LIKE = integer, DELIMITER = '/');
CREATE DOMAIN public.small AS public.num DEFAULT '1';
CREATE TYPE public.pair AS (a public.num, b public.small);
CREATE TABLE public.t (id integer PRIMARY KEY, n public.num, s public.small, p public.pair, many public.num[]);
CREATE VIEW public.v AS SELECT n, (p).b FROM public.t;
CREATE FUNCTION public.f(public.num, public.small) RETURNS public.pair LANGUAGE sql AS 'SELECT $1, $2';
