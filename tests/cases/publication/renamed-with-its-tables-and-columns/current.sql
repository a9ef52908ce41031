CREATE TABLE old_name (id integer PRIMARY KEY, old_column integer, "Z" text);
CREATE TABLE plain (id integer PRIMARY KEY);
CREATE PUBLICATION old_publication FOR TABLE old_name (id, old_column) WHERE (id > 0 AND old_column > 1), plain;
COMMENT ON PUBLICATION old_publication IS 'kept';
