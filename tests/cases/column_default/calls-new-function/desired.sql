CREATE FUNCTION new_code() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT md5(random()::text) $$;
CREATE TABLE coupon (id integer PRIMARY KEY, code text NOT NULL DEFAULT new_code());
