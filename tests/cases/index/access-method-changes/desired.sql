CREATE TABLE doc (id integer PRIMARY KEY, body jsonb, token text, words tsvector, at timestamptz, spot point);
CREATE INDEX doc_token ON doc USING hash (token);
CREATE INDEX doc_body ON doc USING gin (body jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX doc_at ON doc USING brin (at timestamptz_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX doc_spot ON doc USING spgist (spot);
CREATE INDEX doc_words ON doc USING gist (words tsvector_ops (siglen = 100));
