CREATE TABLE t (id integer);
GRANT MAINTAIN ON t TO app_reader WITH GRANT OPTION;
REVOKE MAINTAIN ON t FROM postgres;
CREATE TABLE u (id integer);
GRANT ALL ON u TO app_writer;
