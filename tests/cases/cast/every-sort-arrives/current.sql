CREATE SCHEMA "odd schema";
CREATE TYPE "odd schema"."my ""enum"" 🎭" AS ENUM ('a', 'b');
CREATE TYPE public.pair AS (x integer, y integer);
