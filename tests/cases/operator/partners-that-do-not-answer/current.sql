CREATE FUNCTION public.f(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION public.g(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR public.@> (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR public.<@ (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.@>));
CREATE OPERATOR public.<# (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.@>));
CREATE OPERATOR public.|| (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR public.|& (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, NEGATOR = OPERATOR(public.||));
CREATE OPERATOR public.|% (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, NEGATOR = OPERATOR(public.||));
COMMENT ON OPERATOR public.<# (integer, integer) IS 'names one that names another';
