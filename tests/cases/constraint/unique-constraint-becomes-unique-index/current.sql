CREATE TABLE users (id integer PRIMARY KEY, login text, CONSTRAINT users_login UNIQUE (login));
