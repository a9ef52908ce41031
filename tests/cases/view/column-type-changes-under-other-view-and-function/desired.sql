-- The row type of the view is a function's result.
CREATE TABLE t (id integer, price numeric);
CREATE VIEW v AS SELECT id, price::float8 AS price FROM t;
CREATE VIEW top AS SELECT max(price) AS price FROM v;
CREATE FUNCTION cheapest() RETURNS v LANGUAGE sql STABLE AS $$ SELECT * FROM public.v ORDER BY price LIMIT 1 $$;
