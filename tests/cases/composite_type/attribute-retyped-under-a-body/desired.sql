CREATE TYPE public.c AS (x integer, y varchar(4));
CREATE FUNCTION public.f(public.c) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT ($1).y AS v; END;
CREATE VIEW public.w AS SELECT public.f((1, 'a')::public.c);
