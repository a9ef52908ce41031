CREATE TYPE public.mood AS ENUM ('sad', 'glad');
CREATE FUNCTION public.cheer(public.mood) RETURNS public.mood LANGUAGE sql AS 'SELECT $1';
