CREATE TABLE replicated (id integer NOT NULL, tenant_id integer NOT NULL, payload text);
CREATE UNIQUE INDEX replicated_key ON replicated (tenant_id, id);
ALTER TABLE replicated REPLICA IDENTITY USING INDEX replicated_key;
