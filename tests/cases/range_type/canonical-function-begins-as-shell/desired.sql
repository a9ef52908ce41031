CREATE SCHEMA s;
CREATE TYPE s."seat range";
CREATE FUNCTION s."seat canonical"(s."seat range") RETURNS s."seat range" LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE s."seat range" AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = s.multirange_of_seats, CANONICAL = s."seat canonical", SUBTYPE_DIFF = int4range_subdiff);
COMMENT ON TYPE s."seat range" IS 'whole seats';
COMMENT ON FUNCTION s."seat canonical"(s."seat range") IS 'no half ones';
ALTER TYPE s."seat range" OWNER TO app_owner;
CREATE TABLE public.seats (id integer, taken s."seat range", free s.multirange_of_seats);
