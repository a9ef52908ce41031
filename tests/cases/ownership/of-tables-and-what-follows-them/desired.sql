-- Owned sequences and indexes follow; their owner cannot be changed alone. The owner's entries in the ACL change hands.
CREATE TABLE t (id serial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY);
CREATE INDEX t_n ON t (n);
CREATE SEQUENCE free;
GRANT SELECT ON t TO app_reader;
ALTER TABLE t OWNER TO app_owner;
ALTER SEQUENCE free OWNER TO app_owner;
