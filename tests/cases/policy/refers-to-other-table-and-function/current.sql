CREATE TABLE doc (id integer, tenant integer);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
