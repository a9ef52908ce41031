-- WITH CHECK cannot be taken away by ALTER POLICY; PUBLIC is role 0 in polroles.
CREATE TABLE doc (id integer, owner text);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON doc FOR SELECT TO app_reader, app_writer USING (id > 10);
CREATE POLICY writing ON doc FOR UPDATE TO PUBLIC USING (owner = CURRENT_USER);
