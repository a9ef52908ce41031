-- The plpgsql body's use of the table is recorded nowhere: drop the table first and every later DDL fails.
CREATE TABLE t (id integer, name text);
