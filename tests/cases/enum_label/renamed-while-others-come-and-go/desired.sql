CREATE TYPE public.state AS ENUM ('draft', 'new', 'Work\ing', 'done');
CREATE TABLE public.job (id integer, state public.state DEFAULT 'Work\ing');
CREATE TABLE public.more (state public.state DEFAULT 'Work\ing');
