CREATE TABLE author (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL DEFAULT 'x' UNIQUE);
CREATE TABLE book (id integer PRIMARY KEY, author integer REFERENCES author ON DELETE CASCADE, isbn text CHECK (length(isbn) = 13));
CREATE INDEX ON book (author);
GRANT SELECT ON book TO app_reader;
