CREATE TABLE account (id integer PRIMARY KEY, active boolean NOT NULL DEFAULT true, tags text[] NOT NULL DEFAULT '{}');
