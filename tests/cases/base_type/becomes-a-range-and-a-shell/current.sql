CREATE TYPE public.a;
CREATE FUNCTION public.a_in(cstring) RETURNS public.a LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION public.a_out(public.a) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.a (INPUT = public.a_in, OUTPUT = public.a_out, LIKE = integer);
CREATE TYPE public.b;
CREATE FUNCTION public.b_in(cstring) RETURNS public.b LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION public.b_out(public.b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.b (INPUT = public.b_in, OUTPUT = public.b_out, LIKE = integer);
