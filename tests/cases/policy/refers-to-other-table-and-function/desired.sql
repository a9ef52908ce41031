CREATE TABLE membership (tenant integer, who text);
CREATE FUNCTION is_admin() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT false $$;
CREATE TABLE doc (id integer, tenant integer);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY member ON doc USING (is_admin() OR tenant IN (SELECT m.tenant FROM membership m WHERE m.who = CURRENT_USER));
