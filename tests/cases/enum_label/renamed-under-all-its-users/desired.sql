CREATE TYPE public.mood AS ENUM ('very sad', 'ok', 'happy');
CREATE TYPE public.other AS ENUM ('sad', 'x');
CREATE DOMAIN public.bad_mood AS public.mood CONSTRAINT bad CHECK (VALUE = 'very sad');
CREATE TABLE public.person (
    id integer PRIMARY KEY,
    feels public.mood DEFAULT 'very sad' NOT NULL,
    felt public.mood[],
    worst public.bad_mood,
    other public.other DEFAULT 'sad',
    note text DEFAULT 'sad',
    low boolean GENERATED ALWAYS AS (feels = 'very sad') STORED,
    CONSTRAINT not_both CHECK (feels <> 'very sad' OR note <> 'sad' OR other = 'sad')
);
CREATE INDEX person_low ON public.person (id) WHERE feels = 'very sad';
CREATE VIEW public.low AS SELECT id, CASE feels WHEN 'very sad' THEN 'sad' ELSE 'not sad' END AS how FROM public.person WHERE feels IN ('very sad', 'ok');
CREATE FUNCTION public.feels(m public.mood DEFAULT 'very sad') RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT m = 'very sad'; END;
CREATE TABLE public.log (feels public.mood NOT NULL, day date) PARTITION BY LIST (feels);
CREATE TABLE public.log_sad PARTITION OF public.log FOR VALUES IN ('very sad');
CREATE TABLE public.log_rest PARTITION OF public.log FOR VALUES IN ('ok', 'happy');
ALTER TABLE public.person ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.person USING (feels <> 'very sad');
