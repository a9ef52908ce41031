CREATE TYPE public.pricerange AS RANGE (SUBTYPE = numeric, MULTIRANGE_TYPE_NAME = "Many prices");
CREATE TABLE public.offers (id integer, prices public."Many prices" DEFAULT '{}', one public.pricerange);
CREATE VIEW public.cheap AS SELECT public."Many prices"(one) AS many FROM public.offers;
