CREATE SCHEMA "op ""s"".x";
CREATE TYPE public.ver AS (a integer, b integer);
CREATE FUNCTION public.ver_lt(public.ver, public.ver) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1.a, $1.b) < ($2.a, $2.b)';
CREATE FUNCTION public.ver_le(public.ver, public.ver) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1.a, $1.b) <= ($2.a, $2.b)';
CREATE FUNCTION public.ver_eq(public.ver, public.ver) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1.a, $1.b) = ($2.a, $2.b)';
CREATE FUNCTION public.ver_ge(public.ver, public.ver) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1.a, $1.b) >= ($2.a, $2.b)';
CREATE FUNCTION public.ver_gt(public.ver, public.ver) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1.a, $1.b) > ($2.a, $2.b)';
CREATE FUNCTION public.ver_cmp(public.ver, public.ver) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN ($1.a, $1.b) < ($2.a, $2.b) THEN -1 WHEN ($1.a, $1.b) > ($2.a, $2.b) THEN 1 ELSE 0 END';
CREATE FUNCTION public.ver_cmp_int(public.ver, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a - $2';
CREATE FUNCTION public.ver_lt_int(public.ver, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $2';
CREATE FUNCTION public.ver_hash(public.ver) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a';
CREATE OPERATOR public.<~ (FUNCTION = public.ver_lt, LEFTARG = public.ver, RIGHTARG = public.ver, COMMUTATOR = OPERATOR(public.>~), NEGATOR = OPERATOR(public.>=~));
CREATE OPERATOR public.<=~ (FUNCTION = public.ver_le, LEFTARG = public.ver, RIGHTARG = public.ver, COMMUTATOR = OPERATOR(public.>=~), NEGATOR = OPERATOR(public.>~));
CREATE OPERATOR public.=~ (FUNCTION = public.ver_eq, LEFTARG = public.ver, RIGHTARG = public.ver, COMMUTATOR = OPERATOR(public.=~), HASHES, MERGES);
CREATE OPERATOR public.>=~ (FUNCTION = public.ver_ge, LEFTARG = public.ver, RIGHTARG = public.ver, COMMUTATOR = OPERATOR(public.<=~), NEGATOR = OPERATOR(public.<~));
CREATE OPERATOR public.>~ (FUNCTION = public.ver_gt, LEFTARG = public.ver, RIGHTARG = public.ver, COMMUTATOR = OPERATOR(public.<~), NEGATOR = OPERATOR(public.<=~));
CREATE OPERATOR public.<~ (FUNCTION = public.ver_lt_int, LEFTARG = public.ver, RIGHTARG = integer);
CREATE OPERATOR CLASS public.ver_ops DEFAULT FOR TYPE public.ver USING btree AS
    OPERATOR 1 public.<~, OPERATOR 2 public.<=~, OPERATOR 3 public.=~, OPERATOR 4 public.>=~, OPERATOR 5 public.>~,
    FUNCTION 1 public.ver_cmp(public.ver, public.ver);
ALTER OPERATOR FAMILY public.ver_ops USING btree ADD OPERATOR 1 public.<~ (public.ver, integer);
CREATE TABLE public.releases (v public.ver);
CREATE INDEX releases_v ON public.releases (v public.ver_ops);
