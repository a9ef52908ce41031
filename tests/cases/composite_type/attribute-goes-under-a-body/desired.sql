CREATE TYPE public.c AS (x integer, z integer, q text);
CREATE TABLE public.t (a integer, v public.c);
CREATE DOMAIN public.d AS public.c CHECK ((VALUE).x <> 1);
CREATE FUNCTION public.f(public.c) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT ($1).q AS v; END;
CREATE FUNCTION public.k() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT 'a' AS v; END;
CREATE TRIGGER tr BEFORE UPDATE ON public.t FOR EACH ROW WHEN ((new.v).x IS NULL)
    EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE VIEW public.w AS SELECT public.f(v) FROM public.t;
