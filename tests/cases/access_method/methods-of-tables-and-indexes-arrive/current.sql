CREATE TABLE public.t (id integer, p point);
CREATE TABLE public.moved (id integer PRIMARY KEY, note text);
CREATE INDEX moved_note ON public.moved (note);
CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS one;
