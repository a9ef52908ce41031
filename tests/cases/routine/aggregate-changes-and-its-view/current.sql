CREATE FUNCTION add_up(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT $1 + $2 $$;
CREATE AGGREGATE total(integer) (SFUNC = add_up, STYPE = integer, INITCOND = '0');
CREATE TABLE n (n integer);
CREATE VIEW sums AS SELECT total(n) FROM n;
COMMENT ON AGGREGATE total(integer) IS 'like sum';
