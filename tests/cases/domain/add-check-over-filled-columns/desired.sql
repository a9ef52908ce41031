CREATE DOMAIN percentage AS numeric(5,2) CONSTRAINT between_0_and_100 CHECK (VALUE >= 0 AND VALUE <= 100);
CREATE TABLE discount (id integer PRIMARY KEY, rate percentage);
CREATE TABLE tax (id integer PRIMARY KEY, rate percentage);
