-- In dev the extension came before the default privileges: its members have none of them.
CREATE EXTENSION citext;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO app_reader;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_reader;
