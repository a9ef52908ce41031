CREATE TABLE users (id integer PRIMARY KEY, email text, deleted boolean NOT NULL DEFAULT false);
CREATE INDEX users_email ON users (email);
