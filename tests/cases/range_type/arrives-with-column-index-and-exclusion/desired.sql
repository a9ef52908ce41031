CREATE SCHEMA "odd schema";
CREATE FUNCTION "odd schema"."time.diff"(time, time) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT AS 'SELECT EXTRACT(EPOCH FROM ($1 - $2))::double precision';
CREATE TYPE "odd schema"."time ""range"" ⏰" AS RANGE (
    SUBTYPE = time,
    SUBTYPE_DIFF = "odd schema"."time.diff",
    MULTIRANGE_TYPE_NAME = public."many of them"
);
COMMENT ON TYPE "odd schema"."time ""range"" ⏰" IS 'from, to';
ALTER TYPE "odd schema"."time ""range"" ⏰" OWNER TO app_owner;
REVOKE USAGE ON TYPE "odd schema"."time ""range"" ⏰" FROM PUBLIC;
GRANT USAGE ON TYPE "odd schema"."time ""range"" ⏰" TO app_reader;
CREATE TABLE public.rooms (
    id integer PRIMARY KEY,
    open "odd schema"."time ""range"" ⏰" DEFAULT "odd schema"."time ""range"" ⏰"('08:00', '17:00'),
    closed public."many of them",
    EXCLUDE USING gist (open WITH &&)
);
CREATE INDEX rooms_open ON public.rooms USING gist (open);
CREATE VIEW public.openings AS SELECT id, lower(open) AS "from", closed * "odd schema"."many of them"(open) AS never FROM public.rooms;
CREATE DOMAIN public.day_time AS "odd schema"."time ""range"" ⏰" CHECK (NOT lower_inf(VALUE));
