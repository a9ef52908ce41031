-- ALTER POLICY can change neither: dropped and created in one transaction, or rows are exposed in between.
CREATE TABLE doc (id integer, owner text);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY access ON doc AS RESTRICTIVE FOR ALL USING (owner = CURRENT_USER);
COMMENT ON POLICY access ON doc IS 'kept';
