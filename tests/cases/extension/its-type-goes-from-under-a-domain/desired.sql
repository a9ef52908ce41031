CREATE DOMAIN email AS text;
CREATE TABLE person (addresses email);
