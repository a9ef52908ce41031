CREATE TYPE public.size AS ENUM ('l', 'm', 's');
CREATE DOMAIN public.year AS bigint;
CREATE TYPE public.sizes AS RANGE (SUBTYPE = public.size);
CREATE TYPE public.years AS RANGE (SUBTYPE = public.year, MULTIRANGE_TYPE_NAME = years_multirange);
CREATE TABLE public.shirts (id integer, fits public.sizes, made public.years, gap public.years_multirange);
