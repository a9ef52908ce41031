CREATE TYPE public.r AS RANGE (SUBTYPE = integer);
CREATE TYPE public.pair AS (a integer, b integer);
CREATE DOMAIN public.over_range AS public.r CHECK (NOT isempty(VALUE));
CREATE DOMAIN public.over_array AS integer[] DEFAULT '{1}' CHECK (array_length(VALUE, 1) < 5);
CREATE DOMAIN public.over_composite AS public.pair NOT NULL;
CREATE DOMAIN public.over_domain AS public.over_array;
CREATE TABLE public.t (id integer, a public.over_range, b public.over_array, c public.over_domain[], d public.over_domain DEFAULT '{2}');
CREATE VIEW public.v AS SELECT a, b[1] AS first FROM public.t;
