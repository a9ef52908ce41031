-- CREATE OR REPLACE replaces the whole list of settings; ROWS returns to its default of 1000. A quoted list is one name.
CREATE FUNCTION f() RETURNS void LANGUAGE sql SET search_path = "My Schema", public SET datestyle = 'ISO, DMY' AS $$ SELECT $$;
CREATE FUNCTION g() RETURNS SETOF integer LANGUAGE sql AS $$ VALUES (1) $$;
