-- There is no ALTER DOMAIN TYPE: a new domain, its columns changed over, and every user restored.
CREATE DOMAIN sku AS text CONSTRAINT not_empty CHECK (VALUE <> '');
CREATE TABLE stock (sku sku PRIMARY KEY, amount integer NOT NULL);
CREATE FUNCTION amount_of(s sku) RETURNS integer LANGUAGE sql STABLE AS $$ SELECT amount FROM public.stock WHERE sku = s $$;
CREATE VIEW sold_out AS SELECT sku FROM stock WHERE amount = 0;
