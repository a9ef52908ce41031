CREATE DOMAIN public.score AS integer NOT NULL CHECK (VALUE < 100);
COMMENT ON CONSTRAINT score_check ON DOMAIN public.score IS 'at most';
CREATE TYPE public.round AS (player text, score public.score);
CREATE TABLE public.games (id integer, rounds public.round[], scores public.score[] DEFAULT '{1}', best public.score);
CREATE VIEW public.best AS SELECT max(best) AS best FROM public.games;
