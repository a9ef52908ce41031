CREATE TABLE public.pg_class (oid integer PRIMARY KEY, relname text);
CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'mine' $$;
CREATE TABLE public.words (w text);
CREATE INDEX words_lower ON public.words (public.lower(w));
