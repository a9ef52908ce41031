CREATE TYPE public.pricerange AS RANGE (SUBTYPE = numeric);
CREATE TABLE public.offers (id integer, prices public.pricemultirange DEFAULT '{}', one public.pricerange);
CREATE VIEW public.cheap AS SELECT public.pricemultirange(one) AS many FROM public.offers;
