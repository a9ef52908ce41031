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
CREATE FUNCTION public.ver_cmp_too(public.ver, public.ver) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1.a < $2.a THEN -1 WHEN $1.a > $2.a THEN 1 ELSE 0 END';
CREATE OPERATOR CLASS public.ver_ops DEFAULT FOR TYPE public.ver USING btree AS
    OPERATOR 1 public.<~, OPERATOR 2 public.<=~, OPERATOR 3 public.=~, OPERATOR 4 public.>=~, OPERATOR 5 public.>~,
    FUNCTION 1 public.ver_cmp_too(public.ver, public.ver);
COMMENT ON OPERATOR CLASS public.ver_ops USING btree IS 'versions';
ALTER OPERATOR CLASS public.ver_ops USING btree OWNER TO app_owner;
CREATE OPERATOR CLASS public.ver_hash_ops DEFAULT FOR TYPE public.ver USING hash AS OPERATOR 1 public.=~, FUNCTION 1 public.ver_hash(public.ver);
CREATE TABLE public.releases (id integer, v public.ver PRIMARY KEY, w public.ver, EXCLUDE USING hash (w public.ver_hash_ops WITH OPERATOR(public.=~)));
CREATE INDEX releases_w ON public.releases (w, id);
CREATE UNIQUE INDEX releases_vw ON public.releases (v, w);
CREATE VIEW public.ordered AS SELECT id FROM public.releases ORDER BY v;
