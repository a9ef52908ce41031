-- Same name, same index, but no constraint any more.
CREATE TABLE users (id integer PRIMARY KEY, login text);
CREATE UNIQUE INDEX users_login ON users (login);
