CREATE TYPE public.words;
CREATE FUNCTION public.words_in(cstring) RETURNS public.words LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.words_out(public.words) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE public.words (INPUT = public.words_in, OUTPUT = public.words_out, INTERNALLENGTH = variable, ALIGNMENT = int4, STORAGE = external);
CREATE TABLE public.pages (id integer, content public.words);
CREATE VIEW public.contents AS SELECT content FROM public.pages;
