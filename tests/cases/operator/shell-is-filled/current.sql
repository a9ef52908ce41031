CREATE FUNCTION public.f(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 < $2';
CREATE FUNCTION public.g(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $2';
CREATE SCHEMA side;
CREATE OPERATOR public.<| (FUNCTION = public.f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.|>));
CREATE OPERATOR side.<< (FUNCTION = public.f, LEFTARG = integer, RIGHTARG = integer, NEGATOR = OPERATOR(side.>>));
