CREATE TABLE t (id integer, name text);
GRANT SELECT ON t TO app_owner;
GRANT SELECT ON t TO app_reader;
CREATE TABLE u (id integer);
ALTER TABLE u OWNER TO app_owner;
REVOKE INSERT ON u FROM app_owner;
