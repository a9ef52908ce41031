-- No change: another order, one clause per statement, things made and unmade on the way.
CREATE TABLE book (id integer, author integer, gone text, isbn text);
ALTER TABLE book DROP COLUMN gone;
CREATE INDEX book_author_idx ON book USING btree (author ASC NULLS LAST);
CREATE TABLE author (id integer NOT NULL, name text);
ALTER TABLE author ALTER id ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE author ALTER name SET NOT NULL, ALTER name SET DEFAULT 'x'::text;
ALTER TABLE author ADD CONSTRAINT author_name_key UNIQUE (name), ADD CONSTRAINT author_pkey PRIMARY KEY (id);
ALTER TABLE book ADD PRIMARY KEY (id), ADD CONSTRAINT book_isbn_check CHECK ((length(isbn) = (13)));
ALTER TABLE book ADD CONSTRAINT book_author_fkey FOREIGN KEY (author) REFERENCES public.author (id) MATCH SIMPLE ON UPDATE NO ACTION ON DELETE CASCADE NOT DEFERRABLE;
GRANT ALL ON book TO app_reader;
REVOKE ALL ON book FROM app_reader;
GRANT SELECT ON TABLE book TO app_reader;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_writer;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM app_writer;
