CREATE TYPE public."my ""pair"" 👯" AS (a integer, b integer);
CREATE FUNCTION public."from sql"(internal) RETURNS internal LANGUAGE internal STRICT IMMUTABLE AS 'prsd_lextype';
CREATE FUNCTION public."to sql"(internal) RETURNS public."my ""pair"" 👯" LANGUAGE internal STRICT IMMUTABLE AS 'int4recv';
CREATE TRANSFORM FOR public."my ""pair"" 👯" LANGUAGE sql (FROM SQL WITH FUNCTION public."from sql"(internal), TO SQL WITH FUNCTION public."to sql"(internal));
COMMENT ON TRANSFORM FOR public."my ""pair"" 👯" LANGUAGE sql IS 'there and back';
CREATE TRANSFORM FOR integer LANGUAGE plpgsql (FROM SQL WITH FUNCTION public."from sql"(internal));
CREATE FUNCTION public.uses(integer) RETURNS integer TRANSFORM FOR TYPE integer LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
