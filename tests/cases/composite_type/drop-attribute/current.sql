CREATE TYPE contact AS (phone text, fax bigint, mail text);
CREATE FUNCTION first_mail(contact[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT ($1[1]).mail $$;
