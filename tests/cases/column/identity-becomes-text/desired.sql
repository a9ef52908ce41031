CREATE TABLE public.t (id text NOT NULL, name text);
