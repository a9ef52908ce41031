CREATE OPERATOR FAMILY public.near USING gist;
ALTER OPERATOR FAMILY public.near USING gist ADD
    OPERATOR 11 |>> (point, point),
    FUNCTION 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal);
COMMENT ON OPERATOR FAMILY public.near USING gist IS 'near';
CREATE OPERATOR CLASS public.spots FOR TYPE box USING gist FAMILY public.near AS
    FUNCTION 1 gist_box_consistent(internal, box, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),
    FUNCTION 5 gist_box_penalty(internal, internal, internal), FUNCTION 6 gist_box_picksplit(internal, internal),
    FUNCTION 7 gist_box_same(box, box, internal);
CREATE TABLE public.t (b box);
CREATE INDEX t_b ON public.t USING gist (b public.spots);
