-- OWNED BY wants one owner of both; ALTER TABLE OWNER takes the sequence along.
CREATE TABLE t (id integer, n serial);
REVOKE USAGE ON SEQUENCE t_n_seq FROM postgres;
GRANT SELECT ON SEQUENCE t_n_seq TO app_reader;
ALTER TABLE t OWNER TO app_owner;
CREATE TABLE u (id serial, n bigserial);
ALTER TABLE u OWNER TO app_owner;
CREATE TABLE v (id integer);
CREATE SEQUENCE v_seq OWNED BY v.id;
