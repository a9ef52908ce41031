CREATE SCHEMA s;
CREATE COLLATION public."new one" (provider = icu, locale = 'de');
CREATE COLLATION s.moves (provider = icu, locale = 'fr');
CREATE TABLE public.t (a text COLLATE public."new one", b text COLLATE s.moves);
CREATE INDEX t_a ON public.t (a);
CREATE DOMAIN public.d AS text COLLATE public."new one";
