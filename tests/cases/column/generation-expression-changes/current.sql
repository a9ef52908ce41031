CREATE TABLE word (id integer PRIMARY KEY, w text NOT NULL, key text GENERATED ALWAYS AS (lower(w)) STORED NOT NULL, CONSTRAINT word_once UNIQUE (key));
COMMENT ON COLUMN word.key IS 'For look-ups';
GRANT SELECT (key) ON word TO app_reader;
