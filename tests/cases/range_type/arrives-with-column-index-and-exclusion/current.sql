CREATE SCHEMA "odd schema";
CREATE TABLE public.rooms (id integer PRIMARY KEY);
