CREATE TYPE public.mood;
CREATE FUNCTION public.mood_in(cstring) RETURNS public.mood LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION public.mood_out(public.mood) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.mood (INPUT = public.mood_in, OUTPUT = public.mood_out, LIKE = integer);
CREATE FUNCTION public.cheer(public.mood) RETURNS public.mood LANGUAGE sql AS 'SELECT $1';
