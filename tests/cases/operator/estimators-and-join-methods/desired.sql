CREATE FUNCTION public.f(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 < $2';
CREATE FUNCTION public.g(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $2';
CREATE OPERATOR public.<| (FUNCTION = public.f, LEFTARG = integer, RIGHTARG = integer, RESTRICT = scalargtsel, JOIN = scalarltjoinsel);
CREATE OPERATOR public.|> (FUNCTION = public.g, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR public.=| (FUNCTION = public.f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.=|), HASHES, MERGES);
CREATE VIEW public.uses AS SELECT 1 OPERATOR(public.<|) 2 AS a, 1 OPERATOR(public.=|) 2 AS b;
