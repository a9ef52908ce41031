CREATE TABLE t (a integer, b integer);
GRANT SELECT (a) ON t TO app_owner;
GRANT UPDATE ON t TO app_owner;
GRANT INSERT (b) ON t TO app_reader;
