CREATE SCHEMA legacy;
CREATE TYPE legacy.state AS ENUM ('on', 'off');
CREATE TABLE legacy.flag (name text PRIMARY KEY, state legacy.state NOT NULL DEFAULT 'off');
CREATE FUNCTION legacy.is_on(legacy.state) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN $1 = 'on';
CREATE VIEW legacy.enabled AS SELECT name FROM legacy.flag WHERE legacy.is_on(state);
CREATE TABLE public.account (id integer PRIMARY KEY, flag text REFERENCES legacy.flag);
CREATE VIEW public.account_flag AS SELECT a.id, f.state FROM public.account a JOIN legacy.flag f ON f.name = a.flag;
