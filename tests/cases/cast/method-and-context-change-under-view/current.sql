CREATE TYPE public.pair AS (x integer, y integer);
CREATE FUNCTION public.sum_of(public.pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ($1).x + ($1).y';
CREATE CAST (public.pair AS integer) WITH FUNCTION public.sum_of(public.pair) AS ASSIGNMENT;
CREATE CAST (public.pair AS text) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (public.pair AS integer) IS 'sum';
CREATE TABLE public.t (p public.pair);
CREATE VIEW public.sums AS SELECT p::integer AS sum FROM public.t;
