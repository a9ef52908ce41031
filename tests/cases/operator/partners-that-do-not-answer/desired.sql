-- Until 16 an operator may name another that has a partner already; one of them is named and names nobody.
CREATE FUNCTION public.f(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION public.g(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR public.@> (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR public.<# (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.@>));
CREATE OPERATOR public.<@ (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.@>));
CREATE OPERATOR public.@@ (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.@>));
DROP OPERATOR public.<# (integer, integer);
CREATE OPERATOR public.|| (FUNCTION = g, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR public.|& (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, NEGATOR = OPERATOR(public.||));
CREATE OPERATOR public.|% (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, NEGATOR = OPERATOR(public.||));
