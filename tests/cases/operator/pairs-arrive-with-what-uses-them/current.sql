CREATE SCHEMA "geo ""x"".y";
CREATE TYPE public.pair AS (a integer, b integer);
CREATE TABLE public.things (id integer PRIMARY KEY, p public.pair);
