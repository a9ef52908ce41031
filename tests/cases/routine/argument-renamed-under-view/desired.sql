-- CREATE OR REPLACE cannot rename an argument: dropped and created, with the view and every privilege.
CREATE FUNCTION tax(net numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT net * 0.2 $$;
CREATE TABLE bill (id integer PRIMARY KEY, amount numeric);
CREATE VIEW taxed AS SELECT id, tax(amount) AS tax FROM bill;
GRANT SELECT ON taxed TO app_reader;
GRANT EXECUTE ON FUNCTION tax(numeric) TO app_reader;
