CREATE TYPE weekday AS ENUM ('mon', 'tue');
CREATE DOMAIN working_day AS weekday CONSTRAINT not_mon CHECK (VALUE <> 'mon');
CREATE TABLE shift (id integer PRIMARY KEY, day working_day);
