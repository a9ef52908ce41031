-- CASCADE would take the view and the policy along; both stay, in another form.
CREATE TABLE note (id integer PRIMARY KEY, body text);
CREATE VIEW open_note AS SELECT id, body FROM note;
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY open ON note USING (true);
