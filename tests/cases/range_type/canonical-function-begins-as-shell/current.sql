CREATE TABLE public.seats (id integer);
