-- In dev the functions that the new version brings have none of the default privileges either.
CREATE EXTENSION citext VERSION '1.6';
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO app_reader;
