-- Another signature: leaving the old overload makes greet('Ann') ambiguous, so the old one goes before the view comes back.
CREATE FUNCTION greet(name text, mark text DEFAULT '!') RETURNS text LANGUAGE sql AS $$ SELECT 'Hello ' || name || mark $$;
CREATE VIEW greeting AS SELECT greet('Ann') AS line;
