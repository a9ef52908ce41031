CREATE DOMAIN feeling AS text;
CREATE TYPE pair AS (one text, other feeling);
CREATE TYPE span AS RANGE (subtype = double precision);
CREATE TABLE person (feels feeling, pairs pair[], at span);
