-- No cast between two enums: the way is over text.
CREATE TYPE colour_v2 AS ENUM ('green', 'red', 'blue');
CREATE TABLE car (id integer PRIMARY KEY, colour colour_v2 DEFAULT 'red');
