-- ALTER TYPE leaves the sequence an integer; on the way back the bigint sequence must shrink too.
CREATE TABLE author (id bigserial PRIMARY KEY, name text);
CREATE TABLE book (id bigserial PRIMARY KEY, author_id bigint NOT NULL REFERENCES author);
CREATE INDEX book_author ON book (author_id);
