CREATE DOMAIN percentage AS numeric(5,2);
CREATE TABLE discount (id integer PRIMARY KEY, rate percentage);
CREATE TABLE tax (id integer PRIMARY KEY, rate percentage);
