CREATE TEXT SEARCH DICTIONARY public.a (TEMPLATE = simple, accept = false, stopwords = english);
CREATE TEXT SEARCH DICTIONARY public.b (TEMPLATE = simple, accept = true, stopwords = 'german');
CREATE TEXT SEARCH DICTIONARY public.c (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = simple, accept = 'true');
CREATE TEXT SEARCH DICTIONARY public.s (TEMPLATE = snowball, stopwords = german, language = 'german');
CREATE TEXT SEARCH CONFIGURATION public.cfg (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION public.cfg ADD MAPPING FOR word WITH public.c, public.s;
