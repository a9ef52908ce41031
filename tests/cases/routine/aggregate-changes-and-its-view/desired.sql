-- The transition function is also dropped: first the view, then the aggregate, then the function.
CREATE FUNCTION add_wide(bigint, integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1 + $2 $$;
CREATE FUNCTION show(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE AGGREGATE total(integer) (SFUNC = add_wide, STYPE = bigint, INITCOND = '0', FINALFUNC = show, COMBINEFUNC = int8pl, PARALLEL = SAFE);
CREATE TABLE n (n integer);
CREATE VIEW sums AS SELECT total(n) FROM n;
COMMENT ON AGGREGATE total(integer) IS 'like sum';
