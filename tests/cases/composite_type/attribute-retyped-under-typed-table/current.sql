CREATE TYPE public.person AS (name text, age integer);
COMMENT ON COLUMN public.person.age IS 'in years';
CREATE TABLE public.people OF public.person (PRIMARY KEY (name), age DEFAULT 1);
CREATE TABLE public.others OF public.person;
CREATE INDEX people_age ON public.people (age);
CREATE FUNCTION public.older(public.person) RETURNS integer LANGUAGE sql AS 'SELECT $1.age + 1';
