-- The old function can only go after the default has changed, the new one must be there before.
CREATE FUNCTION slug_v2(prefix text) RETURNS text LANGUAGE sql AS $$ SELECT $1 || 'b' $$;
CREATE TABLE page (id integer PRIMARY KEY, slug text DEFAULT slug_v2('p-'));
