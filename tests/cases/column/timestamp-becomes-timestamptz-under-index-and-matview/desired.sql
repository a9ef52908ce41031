CREATE TABLE login (id integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX login_recent ON login (at DESC);
CREATE MATERIALIZED VIEW login_bounds AS SELECT min(at), max(at) FROM login;
