CREATE TYPE size AS ENUM ('s', 'l');
CREATE TABLE shirt (id integer PRIMARY KEY, size size);
CREATE INDEX shirt_size ON shirt (size);
