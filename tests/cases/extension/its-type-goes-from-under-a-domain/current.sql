CREATE EXTENSION citext;
CREATE DOMAIN email AS citext;
CREATE TABLE person (addresses email);
