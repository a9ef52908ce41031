CREATE TEXT SEARCH DICTIONARY public.e (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY public."new.One" (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION public.c (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR asciiword WITH simple, public.e;
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR word WITH public."new.One";
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR url, host WITH simple;
CREATE TABLE public.docs (body text, words tsvector GENERATED ALWAYS AS (to_tsvector('public.c', body)) STORED);
CREATE INDEX docs_body ON public.docs USING gin (to_tsvector('public.c', body));
