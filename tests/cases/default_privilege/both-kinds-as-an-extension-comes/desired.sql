-- Its functions came under the default privileges in dev, its type did not.
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO app_reader;
CREATE EXTENSION citext;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO app_owner;
