CREATE TABLE webhook (id integer PRIMARY KEY, payload text NOT NULL DEFAULT '{}');
CREATE INDEX webhook_payload ON webhook (payload);
