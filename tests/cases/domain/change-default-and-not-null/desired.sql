CREATE DOMAIN currency AS char(3) DEFAULT 'USD' NOT NULL;
CREATE TABLE price (id integer PRIMARY KEY, currency currency);
