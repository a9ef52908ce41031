CREATE TABLE public.customer (id integer PRIMARY KEY);
