CREATE TABLE login (id integer PRIMARY KEY, at timestamp NOT NULL DEFAULT '2024-01-01 00:00:00');
CREATE INDEX login_recent ON login (at DESC) WHERE at > '2024-01-01 00:00:00'::timestamp;
CREATE MATERIALIZED VIEW login_bounds AS SELECT min(at), max(at) FROM login;
