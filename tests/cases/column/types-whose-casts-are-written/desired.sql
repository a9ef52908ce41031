-- Through the text form these would fail, or mean something else.
CREATE DOMAIN public.moment AS timestamp;
CREATE TABLE public.t (
    a integer,
    b numeric(9,2),
    c smallint,
    d integer,
    e macaddr,
    f int4multirange,
    g circle,
    h time,
    i timestamptz(0),
    j timestamptz(0)
);
