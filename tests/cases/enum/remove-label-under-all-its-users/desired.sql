CREATE TYPE plan AS ENUM ('free', 'pro');
CREATE TABLE tenant (
    id integer PRIMARY KEY,
    plan plan NOT NULL DEFAULT 'free',
    CONSTRAINT paying CHECK (plan <> 'pro' OR id > 0)
);
CREATE INDEX tenant_pro ON tenant (id) WHERE plan = 'pro';
CREATE VIEW pro_tenant AS SELECT id, plan FROM tenant WHERE plan = 'pro';
CREATE FUNCTION price(p plan) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT CASE p WHEN 'pro' THEN 10 ELSE 0 END $$;
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON tenant USING (plan = 'free');
GRANT SELECT ON pro_tenant TO app_reader;
