CREATE TABLE t (id integer);
ALTER TABLE t OWNER TO app_owner;
CREATE TABLE v (id integer);
CREATE SEQUENCE v_seq;
ALTER SEQUENCE v_seq OWNER TO app_owner;
