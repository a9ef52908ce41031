CREATE TABLE template (id integer PRIMARY KEY, body text DEFAULT 'plain', path text);
