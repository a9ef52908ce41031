CREATE SCHEMA s;
CREATE COLLATION public.old (provider = icu, locale = 'de');
CREATE COLLATION public.moves (provider = icu, locale = 'fr');
CREATE TABLE public.t (a text COLLATE public.old, b text COLLATE public.moves);
CREATE INDEX t_a ON public.t (a);
CREATE DOMAIN public.d AS text COLLATE public.old;
