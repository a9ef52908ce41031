CREATE FUNCTION stats(since date, OUT n bigint, OUT total numeric) LANGUAGE sql AS $$ SELECT 1::bigint, 2::numeric $$;
CREATE FUNCTION rows_of(since date) RETURNS TABLE (id integer, name text, at date) LANGUAGE sql AS $$ SELECT 1, 'a', since $$;
CREATE VIEW from_rows AS SELECT id FROM rows_of('2024-01-01');
