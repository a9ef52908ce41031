CREATE FUNCTION public.near(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 2';
CREATE FUNCTION public.close_to(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 5';
CREATE OPERATOR public.~~~ (FUNCTION = public.near, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.~~~));
COMMENT ON OPERATOR public.~~~ (integer, integer) IS 'near';
ALTER OPERATOR public.~~~ (integer, integer) OWNER TO app_owner;
CREATE TABLE public.points (id integer PRIMARY KEY, x integer DEFAULT 4, y integer,
    near boolean GENERATED ALWAYS AS (x OPERATOR(public.~~~) y) STORED,
    CONSTRAINT not_far CHECK (x OPERATOR(public.~~~) y OR x > 100));
CREATE INDEX points_near ON public.points (x) WHERE x OPERATOR(public.~~~) 3;
CREATE VIEW public.near_points AS SELECT id, x OPERATOR(public.~~~) y AS n FROM public.points;
CREATE VIEW public.nearer_points AS SELECT id FROM public.near_points WHERE n;
CREATE MATERIALIZED VIEW public.kept AS SELECT id FROM public.points WHERE x OPERATOR(public.~~~) 3;
CREATE UNIQUE INDEX kept_id ON public.kept (id);
ALTER TABLE public.points ENABLE ROW LEVEL SECURITY;
CREATE POLICY near ON public.points USING (x OPERATOR(public.~~~) 3);
CREATE DOMAIN public.nearly AS integer CHECK (VALUE OPERATOR(public.~~~) 7);
GRANT SELECT ON public.near_points TO app_reader;
