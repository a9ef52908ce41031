-- The index that is built beside it takes no mark over: without its index, the table would have no identity at all.
CREATE TABLE replicated (id integer NOT NULL, tenant_id integer NOT NULL, payload text);
CREATE UNIQUE INDEX replicated_key ON replicated (tenant_id);
