-- REVOKE on the table takes the columns' along.
CREATE TABLE t (a integer, b integer);
GRANT SELECT ON t TO app_reader;
GRANT SELECT (a) ON t TO app_reader WITH GRANT OPTION;
GRANT INSERT (b) ON t TO app_writer;
