CREATE TYPE public.daterange2 AS RANGE (SUBTYPE = date, SUBTYPE_DIFF = daterange_subdiff);
CREATE TABLE public.stays (id integer, nights public.daterange2 DEFAULT public.daterange2('2020-01-01', '2020-01-02'));
CREATE VIEW public.v AS SELECT public.daterange2(current_date, current_date, '[]') AS today;
