CREATE FUNCTION looks_like_iban(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 ~ '^[A-Z]{2}[0-9]{2}' $$;
CREATE DOMAIN iban AS text CONSTRAINT looks_right CHECK (looks_like_iban(VALUE));
CREATE TABLE bank_account (iban iban PRIMARY KEY);
