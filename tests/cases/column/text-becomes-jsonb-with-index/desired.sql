CREATE TABLE webhook (id integer PRIMARY KEY, payload jsonb NOT NULL DEFAULT '{}');
CREATE INDEX webhook_payload ON webhook USING gin (payload);
