-- The grantor is part of the entry; backward nothing but app_writer's own REVOKE or CASCADE removes it.
CREATE TABLE t (id integer);
GRANT SELECT ON t TO app_writer WITH GRANT OPTION;
SET ROLE app_writer;
GRANT SELECT ON t TO app_reader;
RESET ROLE;
