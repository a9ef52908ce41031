CREATE TABLE doc (id integer PRIMARY KEY, tenant text);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON doc USING (tenant = current_setting('app.tenant'));
