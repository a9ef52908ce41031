CREATE FUNCTION public.f(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 < $2';
CREATE FUNCTION public.g(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $2';
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
CREATE FUNCTION public.above(public.mood, public.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $2';
CREATE OPERATOR public.|> (FUNCTION = public.above, LEFTARG = public.mood, RIGHTARG = public.mood);
COMMENT ON OPERATOR public.|> (public.mood, public.mood) IS 'better';
CREATE VIEW public.better AS SELECT 'ok'::public.mood OPERATOR(public.|>) 'sad'::public.mood AS b;
