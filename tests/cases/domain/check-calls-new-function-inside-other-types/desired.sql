CREATE FUNCTION ok(text) RETURNS boolean LANGUAGE sql AS 'select true';
CREATE DOMAIN email AS text CHECK (ok(VALUE)) CONSTRAINT long CHECK (length(VALUE) > 2);
CREATE DOMAIN part AS text CONSTRAINT known CHECK (ok(VALUE) AND VALUE <> 'x');
CREATE DOMAIN loose AS text CONSTRAINT short CHECK (length(VALUE) < 9);
CREATE TYPE pair AS (one email, other part);
CREATE TABLE person (addresses email[], pairs pair, parts part[], plain email, loose loose[]);
CREATE VIEW addresses AS SELECT addresses FROM person;
