CREATE TYPE public.textrange AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops);
COMMENT ON TYPE public.textrange IS 'texts';
GRANT USAGE ON TYPE public.textrange TO app_reader WITH GRANT OPTION;
CREATE TABLE public.books (id integer PRIMARY KEY, shelf public.textrange NOT NULL DEFAULT public.textrange('a', 'z'), more public.textrange[]);
CREATE INDEX books_shelf ON public.books USING gist (shelf);
CREATE INDEX books_lower ON public.books (lower(shelf));
CREATE VIEW public.shelves AS SELECT shelf, upper(shelf) AS last FROM public.books;
CREATE FUNCTION public.has(public.textrange, text) RETURNS boolean LANGUAGE sql AS 'SELECT $2 <@ $1';
