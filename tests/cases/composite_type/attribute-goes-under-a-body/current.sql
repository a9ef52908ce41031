-- What reads the attribute looks away first: bodies, conditions of triggers, checks of domains.
CREATE TYPE public.c AS (x integer, y text, z integer);
CREATE TABLE public.t (a integer, v public.c);
CREATE DOMAIN public.d AS public.c CHECK ((VALUE).y <> 'a');
CREATE FUNCTION public.f(public.c) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT ($1).y AS v; END;
CREATE FUNCTION public.k() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT (v).y AS v FROM public.t; END;
CREATE FUNCTION public.l() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT (v).y AS v FROM public.t; END;
CREATE TRIGGER tr BEFORE UPDATE ON public.t FOR EACH ROW WHEN ((new.v).y IS NULL)
    EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE VIEW public.w AS SELECT public.f(v) FROM public.t;
