CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH DICTIONARY public.e (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION public.c (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR asciiword, word, hword_asciipart WITH public.d, simple;
ALTER TEXT SEARCH CONFIGURATION public.c ADD MAPPING FOR url, email WITH simple;
CREATE TABLE public.docs (body text, words tsvector GENERATED ALWAYS AS (to_tsvector('public.c', body)) STORED);
CREATE INDEX docs_body ON public.docs USING gin (to_tsvector('public.c', body));
