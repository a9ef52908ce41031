CREATE TYPE public.words;
CREATE FUNCTION public.words_in(cstring) RETURNS public.words LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.words_out(public.words) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION public.words_recv(internal) RETURNS public.words LANGUAGE internal STABLE STRICT AS 'textrecv';
CREATE FUNCTION public.words_send(public.words) RETURNS bytea LANGUAGE internal STABLE STRICT AS 'textsend';
CREATE FUNCTION public.words_typmod_in(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION public.words_typmod_out(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE FUNCTION public.words_analyze(internal) RETURNS boolean LANGUAGE internal STRICT AS 'array_typanalyze';
CREATE TYPE public.words (INPUT = public.words_in, OUTPUT = public.words_out, RECEIVE = public.words_recv, SEND = public.words_send,
    TYPMOD_IN = public.words_typmod_in, TYPMOD_OUT = public.words_typmod_out, ANALYZE = public.words_analyze,
    INTERNALLENGTH = variable, ALIGNMENT = int4, STORAGE = main);
CREATE TABLE public.pages (id integer, content public.words);
CREATE VIEW public.contents AS SELECT content FROM public.pages;
