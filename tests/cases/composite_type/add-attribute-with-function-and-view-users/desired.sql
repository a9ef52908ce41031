CREATE TYPE money_amount AS (amount numeric, currency text, scale smallint);
CREATE FUNCTION zero() RETURNS money_amount LANGUAGE sql IMMUTABLE AS $$ SELECT ROW(0, 'EUR', 2)::public.money_amount $$;
CREATE VIEW nothing AS SELECT (zero()).amount AS amount;
