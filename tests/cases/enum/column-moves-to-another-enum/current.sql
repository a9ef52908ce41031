CREATE TYPE colour_v1 AS ENUM ('red', 'green');
CREATE TABLE car (id integer PRIMARY KEY, colour colour_v1 DEFAULT 'red');
