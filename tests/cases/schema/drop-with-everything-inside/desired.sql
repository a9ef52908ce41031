-- DROP SCHEMA without CASCADE, in an order that frees what public still holds.
CREATE TABLE public.account (id integer PRIMARY KEY, flag text);
