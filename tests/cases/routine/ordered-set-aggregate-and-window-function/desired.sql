CREATE TABLE t (n integer);
CREATE FUNCTION collect(integer[], integer) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2 $$;
CREATE FUNCTION pick(integer[], integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT $1[$2] $$;
CREATE AGGREGATE nth(integer ORDER BY integer) (SFUNC = collect, STYPE = integer[], INITCOND = '{}', FINALFUNC = pick);
CREATE AGGREGATE running(integer) (SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, INITCOND = '0', MINITCOND = '0');
CREATE FUNCTION line_number() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE STRICT AS 'window_row_number';
CREATE VIEW numbered AS SELECT n, line_number() OVER (ORDER BY n) FROM t;
