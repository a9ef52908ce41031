-- Revoking SELECT on the table also revokes it on every column: the order counts.
CREATE TABLE person (id integer, name text, salary numeric);
GRANT SELECT (id, name) ON person TO app_reader;
GRANT UPDATE (salary), INSERT (id) ON person TO app_writer WITH GRANT OPTION;
