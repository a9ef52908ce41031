-- Same name, now unique and partial: replaced without a moment without any index.
CREATE TABLE users (id integer PRIMARY KEY, email text, deleted boolean NOT NULL DEFAULT false);
CREATE UNIQUE INDEX users_email ON users (email) WHERE NOT deleted;
COMMENT ON INDEX users_email IS 'One living account per address';
