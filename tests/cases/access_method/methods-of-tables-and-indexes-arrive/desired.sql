CREATE ACCESS METHOD "My ""heap"".x" TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD gist2 TYPE INDEX HANDLER gisthandler;
COMMENT ON ACCESS METHOD gist2 IS 'another one';
CREATE OPERATOR CLASS public.point_ops DEFAULT FOR TYPE point USING gist2 AS
    OPERATOR 11 |>> (point, point),
    FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),
    FUNCTION 3 gist_point_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal),
    FUNCTION 9 gist_point_fetch(internal), STORAGE box;
CREATE TABLE public.t (id integer, p point);
CREATE INDEX t_p ON public.t USING gist2 (p);
CREATE TABLE public.moved (id integer PRIMARY KEY, note text) USING "My ""heap"".x";
CREATE INDEX moved_note ON public.moved (note);
CREATE TABLE public.fresh (id integer) USING "My ""heap"".x";
CREATE MATERIALIZED VIEW public.m USING "My ""heap"".x" AS SELECT 1 AS one;
CREATE MATERIALIZED VIEW public.n USING "My ""heap"".x" AS SELECT 2 AS two;
