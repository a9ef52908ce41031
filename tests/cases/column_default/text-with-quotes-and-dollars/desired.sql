CREATE TABLE template (id integer PRIMARY KEY, body text DEFAULT 'it''s $1; -- $$ /* "q" */', path text DEFAULT E'C:\\temp\n\ttab');
