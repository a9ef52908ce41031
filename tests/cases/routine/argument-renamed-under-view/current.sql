CREATE FUNCTION tax(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT amount * 0.2 $$;
CREATE TABLE bill (id integer PRIMARY KEY, amount numeric);
CREATE VIEW taxed AS SELECT id, tax(amount) AS tax FROM bill;
GRANT SELECT ON taxed TO app_reader;
GRANT EXECUTE ON FUNCTION tax(numeric) TO app_reader;
