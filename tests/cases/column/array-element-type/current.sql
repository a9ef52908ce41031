CREATE TABLE poll (id integer PRIMARY KEY, votes integer[] NOT NULL DEFAULT '{1,2}'::integer[]);
CREATE INDEX poll_votes ON poll USING gin (votes);
