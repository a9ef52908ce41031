CREATE SCHEMA "odd.schema";
CREATE TYPE "odd.schema"."my ""int"" 🎲";
CREATE FUNCTION "odd.schema"."in put"(cstring) RETURNS "odd.schema"."my ""int"" 🎲" LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION "odd.schema"."out'put"("odd.schema"."my ""int"" 🎲") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION "odd.schema".recv(internal) RETURNS "odd.schema"."my ""int"" 🎲" LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION "odd.schema".send("odd.schema"."my ""int"" 🎲") RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
CREATE TYPE "odd.schema"."my ""int"" 🎲" (
    INPUT = "odd.schema"."in put", OUTPUT = "odd.schema"."out'put", RECEIVE = "odd.schema".recv, SEND = "odd.schema".send,
    LIKE = integer, CATEGORY = 'N', PREFERRED = true, DEFAULT = '42', DELIMITER = ';'
);
COMMENT ON TYPE "odd.schema"."my ""int"" 🎲" IS 'an integer';
COMMENT ON FUNCTION "odd.schema"."in put"(cstring) IS 'reads it';
ALTER TYPE "odd.schema"."my ""int"" 🎲" OWNER TO app_owner;
GRANT USAGE ON TYPE "odd.schema"."my ""int"" 🎲" TO app_reader WITH GRANT OPTION;
CREATE FUNCTION public.twice("odd.schema"."my ""int"" 🎲") RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'int4abs';
CREATE TABLE public.boxes (id integer, dots "odd.schema"."my ""int"" 🎲" DEFAULT '3', all_dots "odd.schema"."my ""int"" 🎲"[]);
CREATE VIEW public.doubled AS SELECT public.twice(dots) FROM public.boxes;
CREATE DOMAIN public.die AS "odd.schema"."my ""int"" 🎲" CHECK (public.twice(VALUE) < 7);
