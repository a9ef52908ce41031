-- The new type is made under default privileges, and must end with what the old one had.
CREATE TYPE mood AS ENUM ('ok', 'sad');
GRANT USAGE ON TYPE mood TO app_writer;
COMMENT ON TYPE mood IS 'how one feels';
CREATE TYPE plain AS ENUM ('ok', 'sad');
CREATE DOMAIN small AS bigint;
ALTER DOMAIN small OWNER TO app_owner;
CREATE TABLE person (id integer, mood mood, plain plain, small small);
CREATE TYPE span AS RANGE (subtype = bigint);
CREATE TYPE other AS RANGE (subtype = bigint);
ALTER DEFAULT PRIVILEGES GRANT ALL ON TYPES TO app_reader;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TYPES FROM PUBLIC;
