CREATE TYPE public.state AS ENUM ('new', 'it''s', 'done', 'gone');
CREATE TABLE public.job (id integer, state public.state DEFAULT 'it''s');
