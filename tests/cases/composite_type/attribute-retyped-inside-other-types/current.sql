CREATE TYPE public.inner_type AS (a integer, b text);
CREATE TYPE public.outer_type AS (x public.inner_type, y public.inner_type[]);
CREATE DOMAIN public.checked AS public.inner_type CHECK ((VALUE).a > 0);
CREATE TABLE public.t (id integer, o public.outer_type, c public.checked, i public.inner_type[] DEFAULT '{}');
CREATE VIEW public.v AS SELECT (o).x, (c).b FROM public.t;
CREATE TYPE public.alone AS (x integer);
CREATE TYPE public.holder AS (alone public.alone);
CREATE FUNCTION public.f(public.holder) RETURNS public.alone LANGUAGE sql AS 'SELECT ($1).alone';
