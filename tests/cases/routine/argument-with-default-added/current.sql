CREATE FUNCTION greet(name text) RETURNS text LANGUAGE sql AS $$ SELECT 'Hello ' || name $$;
CREATE VIEW greeting AS SELECT greet('Ann') AS line;
