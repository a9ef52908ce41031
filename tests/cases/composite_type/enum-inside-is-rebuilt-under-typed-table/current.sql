CREATE TYPE public.mood AS ENUM ('sad', 'so so', 'happy');
CREATE TYPE public.person AS (name text, mood public.mood);
CREATE TABLE public.people OF public.person (PRIMARY KEY (name), mood DEFAULT 'sad');
CREATE TABLE public.visit (id integer, who public.person);
