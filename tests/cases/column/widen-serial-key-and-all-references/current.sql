CREATE TABLE author (id serial PRIMARY KEY, name text);
CREATE TABLE book (id serial PRIMARY KEY, author_id integer NOT NULL REFERENCES author);
CREATE INDEX book_author ON book (author_id);
