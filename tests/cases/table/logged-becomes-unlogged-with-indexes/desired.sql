CREATE UNLOGGED TABLE session (id integer PRIMARY KEY, payload text);
CREATE INDEX session_payload ON session (payload);
