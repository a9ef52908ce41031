CREATE TABLE public.boxes (id integer);
