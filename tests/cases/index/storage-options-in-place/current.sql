CREATE TABLE t (id integer, body jsonb);
CREATE INDEX t_id ON t (id) WITH (fillfactor = 90, deduplicate_items = off);
CREATE INDEX t_body ON t USING gin (body);
