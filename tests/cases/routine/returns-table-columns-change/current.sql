CREATE FUNCTION stats(since date, OUT n bigint) LANGUAGE sql AS $$ SELECT 1::bigint $$;
CREATE FUNCTION rows_of(since date) RETURNS TABLE (id integer, name text) LANGUAGE sql AS $$ SELECT 1, 'a' $$;
CREATE VIEW from_rows AS SELECT id FROM rows_of('2024-01-01');
