-- No pg_depend row leads from a string body to the table: its name sorts before the table's, its body is checked at creation.
CREATE TABLE zebra (id integer PRIMARY KEY, stripes integer);
CREATE VIEW zebra_view AS SELECT stripes FROM zebra;
CREATE FUNCTION a_count() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM public.zebra_view $$;
CREATE FUNCTION z_helper() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT public.a_count() $$;
CREATE FUNCTION a_first() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT public.z_helper() $$;
CREATE TABLE unrelated (id integer);
