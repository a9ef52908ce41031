-- The check stays unvalidated: adding it validated would fail on what is there.
CREATE DOMAIN zip AS text;
ALTER DOMAIN zip ADD CONSTRAINT five_digits CHECK (VALUE ~ '^[0-9]{5}$') NOT VALID;
CREATE TABLE address (id integer PRIMARY KEY, zip zip);
