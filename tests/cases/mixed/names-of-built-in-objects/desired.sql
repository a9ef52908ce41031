-- pg_catalog comes first in every search_path: without its schema each of these names means another object.
CREATE TYPE public.integer AS ENUM ('one', 'two');
CREATE DOMAIN public.text AS pg_catalog.text;
CREATE TABLE public.pg_class (oid integer PRIMARY KEY, relname pg_catalog.text, kind public.integer, note public.text);
CREATE FUNCTION public.lower(pg_catalog.text) RETURNS pg_catalog.text LANGUAGE sql IMMUTABLE AS $$ SELECT 'mine' $$;
CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT 'epoch'::timestamptz $$;
CREATE TABLE public.words (w pg_catalog.text, at timestamptz DEFAULT public.now());
CREATE INDEX words_lower ON public.words (public.lower(w), pg_catalog.lower(w));
CREATE VIEW public.pg_tables AS SELECT relname FROM public.pg_class;
