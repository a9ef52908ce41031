CREATE DOMAIN currency AS char(3) DEFAULT 'EUR';
CREATE TABLE price (id integer PRIMARY KEY, currency currency);
