CREATE SCHEMA "geo ""x"".y";
CREATE TYPE public.pair AS (a integer, b integer);
CREATE FUNCTION public.pair_lt(public.pair, public.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $2.a';
CREATE FUNCTION public.pair_gt(public.pair, public.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a > $2.a';
CREATE FUNCTION public.pair_ge(public.pair, public.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a >= $2.a';
CREATE FUNCTION public.pair_same(public.pair, public.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a = $2.a';
CREATE FUNCTION public.pair_has(public.pair, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a = $2';
CREATE FUNCTION public.pair_in(integer, public.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $2.a = $1';
CREATE FUNCTION public.pair_size(public.pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a + $1.b';
CREATE OPERATOR public.<# (FUNCTION = public.pair_lt, LEFTARG = public.pair, RIGHTARG = public.pair,
    COMMUTATOR = OPERATOR(public.>#), NEGATOR = OPERATOR(public.>=#), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR public.># (FUNCTION = public.pair_gt, LEFTARG = public.pair, RIGHTARG = public.pair,
    COMMUTATOR = OPERATOR(public.<#), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR public.>=# (FUNCTION = public.pair_ge, LEFTARG = public.pair, RIGHTARG = public.pair, NEGATOR = OPERATOR(public.<#));
CREATE OPERATOR public.=# (FUNCTION = public.pair_same, LEFTARG = public.pair, RIGHTARG = public.pair,
    COMMUTATOR = OPERATOR(public.=#), HASHES, MERGES, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR "geo ""x"".y".@> (FUNCTION = public.pair_has, LEFTARG = public.pair, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.<@));
CREATE OPERATOR public.<@ (FUNCTION = public.pair_in, LEFTARG = integer, RIGHTARG = public.pair, COMMUTATOR = OPERATOR("geo ""x"".y".@>));
CREATE OPERATOR "geo ""x"".y".@@ (FUNCTION = public.pair_size, RIGHTARG = public.pair);
ALTER OPERATOR public.=# (public.pair, public.pair) OWNER TO app_owner;
COMMENT ON OPERATOR public.=# (public.pair, public.pair) IS 'the same';
COMMENT ON OPERATOR "geo ""x"".y".@@ (NONE, public.pair) IS 'how big it''s';
CREATE TABLE public.things (id integer PRIMARY KEY, p public.pair,
    size integer GENERATED ALWAYS AS (OPERATOR("geo ""x"".y".@@) p) STORED,
    CONSTRAINT small CHECK (p OPERATOR(public.<#) ROW(100, 100)::public.pair));
CREATE INDEX things_size ON public.things ((OPERATOR("geo ""x"".y".@@) p));
CREATE VIEW public.big AS SELECT id FROM public.things WHERE p OPERATOR(public.>#) ROW(10, 10)::public.pair;
