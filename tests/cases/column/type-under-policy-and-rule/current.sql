CREATE TABLE doc (id integer PRIMARY KEY, tenant integer NOT NULL);
CREATE TABLE doc_log (tenant bigint);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON doc USING (tenant = 7);
CREATE RULE log_delete AS ON DELETE TO doc DO ALSO INSERT INTO doc_log VALUES (old.tenant);
