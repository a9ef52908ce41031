CREATE TYPE public.later;
CREATE FUNCTION public.later_in(cstring) RETURNS public.later LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.later_out(public.later) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE public.later (INPUT = public.later_in, OUTPUT = public.later_out, INTERNALLENGTH = variable, ALIGNMENT = int4, STORAGE = extended, COLLATABLE = true);
COMMENT ON TYPE public.later IS 'now';
CREATE TYPE public.never;
COMMENT ON TYPE public.never IS 'never';
CREATE TABLE public.t (x public.later COLLATE "C");
