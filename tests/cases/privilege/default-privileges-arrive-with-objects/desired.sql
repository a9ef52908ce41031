-- Created before the tables they would grant on them; app.a was created before and has no such grant.
CREATE SCHEMA app;
CREATE TABLE app.a (id integer);
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO app_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT USAGE ON SEQUENCES TO app_writer;
CREATE TABLE app.b (id integer);
