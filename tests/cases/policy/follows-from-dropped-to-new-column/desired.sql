-- The old column is dropped while the policy still names it, the new one is not there yet.
CREATE TABLE doc (id integer PRIMARY KEY, tenant_id integer);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON doc USING (tenant_id = current_setting('app.tenant_id', true)::integer);
