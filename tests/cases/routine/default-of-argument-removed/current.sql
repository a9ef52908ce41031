CREATE FUNCTION area(w numeric, h numeric DEFAULT 1) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT w * h $$;
