-- Whoever pastes a name into SQL, into a comment or into HTML loses the canary.
CREATE TABLE canary (id integer PRIMARY KEY);
CREATE SCHEMA "x""; DROP TABLE public.canary; --";
CREATE TABLE "x""; DROP TABLE public.canary; --"."'); DROP TABLE public.canary; --" ("$$" integer, "*/ DROP TABLE public.canary; /*" text, "<script>" text DEFAULT '</script>', "
\! rm" text, "%s{0}$1" text, ":var" integer);
COMMENT ON COLUMN "x""; DROP TABLE public.canary; --"."'); DROP TABLE public.canary; --"."$$" IS '
DROP TABLE public.canary;';
CREATE INDEX "i
DROP TABLE public.canary;" ON "x""; DROP TABLE public.canary; --"."'); DROP TABLE public.canary; --" ("$$");
