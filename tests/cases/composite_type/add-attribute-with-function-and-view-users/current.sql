CREATE TYPE money_amount AS (amount numeric, currency text);
CREATE FUNCTION zero() RETURNS money_amount LANGUAGE sql IMMUTABLE AS $$ SELECT ROW(0, 'EUR')::public.money_amount $$;
CREATE VIEW nothing AS SELECT (zero()).amount AS amount;
