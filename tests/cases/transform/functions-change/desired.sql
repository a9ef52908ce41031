CREATE FUNCTION public.own(internal) RETURNS internal LANGUAGE internal STRICT IMMUTABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION public.own(internal));
COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS 'stays';
CREATE FUNCTION public.uses(integer) RETURNS integer TRANSFORM FOR TYPE integer LANGUAGE sql AS 'SELECT $1';
