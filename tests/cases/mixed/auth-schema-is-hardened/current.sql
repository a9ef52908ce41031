CREATE SCHEMA auth;
CREATE TABLE auth.users (id serial PRIMARY KEY, login text NOT NULL, password text);
CREATE FUNCTION auth.verify(l text, p text) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS $$ SELECT EXISTS (SELECT FROM auth.users WHERE login = l AND password = p) $$;
CREATE VIEW auth.public_user AS SELECT id, login, password FROM auth.users;
GRANT USAGE ON SCHEMA auth TO PUBLIC;
GRANT SELECT ON auth.users TO app_reader;
