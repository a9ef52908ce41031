CREATE TYPE public."my ""pair"" 👯" AS (a integer, b integer);
