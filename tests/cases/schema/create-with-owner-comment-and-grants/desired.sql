-- A schema with satellites, created together with what lives in it and what points into it from outside.
CREATE TABLE public.customer (id integer PRIMARY KEY);
CREATE SCHEMA billing AUTHORIZATION app_owner;
COMMENT ON SCHEMA billing IS 'Invoices; owned by the finance team';
GRANT USAGE ON SCHEMA billing TO app_reader;
CREATE TABLE billing.invoice (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES public.customer
);
CREATE VIEW public.invoiced AS SELECT customer_id FROM billing.invoice;
