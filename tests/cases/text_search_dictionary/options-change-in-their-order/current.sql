CREATE TEXT SEARCH DICTIONARY public.a (TEMPLATE = simple, stopwords = english, accept = true);
CREATE TEXT SEARCH DICTIONARY public.b (TEMPLATE = simple, accept = true, stopwords = english);
CREATE TEXT SEARCH DICTIONARY public.c (TEMPLATE = simple, accept = false);
CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY public.s (TEMPLATE = snowball, language = english, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION public.cfg (PARSER = pg_catalog.default);
ALTER TEXT SEARCH CONFIGURATION public.cfg ADD MAPPING FOR word WITH public.c, public.s;
