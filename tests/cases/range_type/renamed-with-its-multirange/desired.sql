CREATE TYPE public."Day Range" AS RANGE (SUBTYPE = date, SUBTYPE_DIFF = daterange_subdiff, MULTIRANGE_TYPE_NAME = days);
CREATE TABLE public.stays (id integer, nights public."Day Range" DEFAULT public."Day Range"('2020-01-01', '2020-01-02'));
CREATE VIEW public.v AS SELECT public."Day Range"(current_date, current_date, '[]') AS today;
