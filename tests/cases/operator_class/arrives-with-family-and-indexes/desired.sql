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
CREATE OPERATOR FAMILY public.ver_ops USING btree;
ALTER OPERATOR FAMILY public.ver_ops USING btree ADD OPERATOR 1 public.<~ (public.ver, integer), FUNCTION 1 (public.ver, integer) public.ver_cmp_int(public.ver, integer);
CREATE OPERATOR CLASS public.ver_ops DEFAULT FOR TYPE public.ver USING btree FAMILY public.ver_ops AS
    OPERATOR 1 public.<~, OPERATOR 2 public.<=~, OPERATOR 3 public.=~, OPERATOR 4 public.>=~, OPERATOR 5 public.>~,
    FUNCTION 1 public.ver_cmp(public.ver, public.ver);
ALTER OPERATOR CLASS public.ver_ops USING btree OWNER TO app_owner;
COMMENT ON OPERATOR CLASS public.ver_ops USING btree IS 'versions';
CREATE OPERATOR CLASS "op ""s"".x"."My ""Class""" FOR TYPE public.ver USING hash AS OPERATOR 1 public.=~, FUNCTION 1 public.ver_hash(public.ver);
CREATE OPERATOR CLASS public.nothing FOR TYPE bigint USING btree FAMILY public.ver_ops AS STORAGE bigint;
CREATE OPERATOR CLASS public.like_arrays DEFAULT FOR TYPE public.ver[] USING gin AS
    OPERATOR 1 && (anyarray, anyarray), FUNCTION 1 public.ver_cmp(public.ver, public.ver),
    FUNCTION 2 ginarrayextract(anyarray, internal, internal), FUNCTION 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal),
    FUNCTION 4 ginarrayconsistent(internal, smallint, anyarray, integer, internal, internal, internal, internal), STORAGE public.ver;
CREATE OPERATOR CLASS public.spots FOR TYPE point USING gist AS
    OPERATOR 11 |>> (point, point), OPERATOR 15 <-> (point, point) FOR ORDER BY pg_catalog.float_ops,
    FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),
    FUNCTION 3 gist_point_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal),
    FUNCTION 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal), FUNCTION 9 gist_point_fetch(internal), STORAGE box;
CREATE TABLE public.releases (id integer PRIMARY KEY, v public.ver);
CREATE INDEX releases_v ON public.releases (v);
CREATE TABLE public.hashed (v public.ver) PARTITION BY RANGE (v);
CREATE TABLE public.unlike (v public.ver, EXCLUDE USING hash (v "op ""s"".x"."My ""Class""" WITH OPERATOR(public.=~)));
