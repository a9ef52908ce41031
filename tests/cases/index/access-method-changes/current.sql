CREATE TABLE doc (id integer PRIMARY KEY, body jsonb, token text, words tsvector, at timestamptz, spot point);
CREATE INDEX doc_token ON doc (token);
CREATE INDEX doc_body ON doc USING gin (body);
CREATE INDEX doc_at ON doc (at);
CREATE INDEX doc_spot ON doc USING gist (spot);
