CREATE DOMAIN email AS text;
CREATE DOMAIN part AS text CONSTRAINT known CHECK (VALUE <> '');
CREATE DOMAIN loose AS text;
ALTER DOMAIN loose ADD CONSTRAINT short CHECK (length(VALUE) < 9) NOT VALID;
CREATE TYPE pair AS (one email, other part);
CREATE TABLE person (addresses email[], pairs pair, parts part[], plain email, loose loose[]);
CREATE VIEW addresses AS SELECT addresses FROM person;
