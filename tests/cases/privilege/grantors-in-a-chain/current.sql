CREATE TABLE "T.1" (id integer, name text);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
GRANT EXECUTE ON FUNCTION f() TO app_writer;
