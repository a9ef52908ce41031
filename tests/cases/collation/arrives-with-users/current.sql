CREATE TABLE public.people (id integer, name text, nick text);
