CREATE TABLE person (id integer, name text, salary numeric);
GRANT SELECT ON person TO app_reader;
