-- The table is of no type until its columns have followed.
CREATE TYPE public.mood AS ENUM ('happy', 'sad');
CREATE TYPE public.person AS (name text, mood public.mood);
CREATE TABLE public.people OF public.person (PRIMARY KEY (name), mood DEFAULT 'sad');
CREATE TABLE public.visit (id integer, who public.person);
