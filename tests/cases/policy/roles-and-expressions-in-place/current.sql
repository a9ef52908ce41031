CREATE TABLE doc (id integer, owner text);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON doc FOR SELECT TO app_reader USING (id > 0);
CREATE POLICY writing ON doc FOR UPDATE TO app_writer USING (true) WITH CHECK (id > 0);
