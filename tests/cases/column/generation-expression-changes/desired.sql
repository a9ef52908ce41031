-- SET EXPRESSION from 17 on; before, drop and add: unique constraint, comment, column privilege and NOT NULL come back.
CREATE TABLE word (id integer PRIMARY KEY, w text NOT NULL, key text GENERATED ALWAYS AS (lower(btrim(w))) STORED NOT NULL, CONSTRAINT word_once UNIQUE (key));
COMMENT ON COLUMN word.key IS 'For look-ups';
GRANT SELECT (key) ON word TO app_reader;
