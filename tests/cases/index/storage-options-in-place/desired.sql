-- ALTER INDEX SET and RESET, no new build.
CREATE TABLE t (id integer, body jsonb);
CREATE INDEX t_id ON t (id) WITH (fillfactor = 60);
CREATE INDEX t_body ON t USING gin (body) WITH (gin_pending_list_limit = 256);
