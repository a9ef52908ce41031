CREATE SCHEMA "ts ""x"".y";
CREATE TABLE public.docs (id integer PRIMARY KEY, body text);
