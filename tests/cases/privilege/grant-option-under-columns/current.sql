CREATE TABLE t (a integer, b integer);
GRANT SELECT ON t TO app_reader WITH GRANT OPTION;
GRANT SELECT (a) ON t TO app_reader WITH GRANT OPTION;
GRANT INSERT ON t TO app_writer;
GRANT INSERT (b) ON t TO app_writer;
