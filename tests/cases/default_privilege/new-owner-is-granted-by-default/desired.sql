-- ALTER OWNER melts what the new owner was granted and what the old one had into one entry.
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_owner, app_reader;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM postgres;
CREATE TABLE t (id serial);
ALTER TABLE t OWNER TO app_owner;
GRANT ALL ON t TO app_owner;
CREATE TABLE u (id integer);
ALTER TABLE u OWNER TO app_owner;
REVOKE SELECT ON u FROM app_reader;
