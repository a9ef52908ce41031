CREATE FUNCTION slug_v1() RETURNS text LANGUAGE sql AS $$ SELECT 'a' $$;
CREATE TABLE page (id integer PRIMARY KEY, slug text DEFAULT slug_v1());
