CREATE FUNCTION f() RETURNS void LANGUAGE sql SET search_path = '' SET statement_timeout = '5s' AS $$ SELECT $$;
CREATE FUNCTION g() RETURNS SETOF integer LANGUAGE sql ROWS 10 AS $$ VALUES (1) $$;
