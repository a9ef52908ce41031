CREATE TABLE note (id integer PRIMARY KEY, body text, secret boolean DEFAULT false, CONSTRAINT short_secret CHECK (NOT secret OR length(body) < 100));
CREATE INDEX note_open ON note (id) WHERE NOT secret;
CREATE VIEW open_note AS SELECT id, body FROM note WHERE NOT secret;
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY open ON note USING (NOT secret);
