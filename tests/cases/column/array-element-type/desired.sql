CREATE TABLE poll (id integer PRIMARY KEY, votes bigint[] NOT NULL DEFAULT '{1,2}'::bigint[]);
CREATE INDEX poll_votes ON poll USING gin (votes);
