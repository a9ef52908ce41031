CREATE FUNCTION o() RETURNS bigint LANGUAGE sql AS 'select 1::bigint';
