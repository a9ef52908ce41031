CREATE SCHEMA new;
ALTER DEFAULT PRIVILEGES IN SCHEMA new GRANT SELECT ON TABLES TO app_reader;
CREATE TABLE new.t (id integer);
CREATE TABLE new.hidden (id integer);
REVOKE ALL ON new.hidden FROM app_reader;
