CREATE TABLE t (a integer, b integer);
ALTER TABLE t OWNER TO app_owner;
GRANT INSERT (b) ON t TO app_reader;
