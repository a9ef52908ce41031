CREATE DOMAIN public.moment AS timestamp;
CREATE TABLE public.t (
    a money,
    b money,
    c boolean,
    d bit(4),
    e macaddr8,
    f int4range,
    g box,
    h interval,
    i timestamp,
    j public.moment
);
