CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN feeling AS mood;
CREATE TYPE pair AS (one mood, other feeling);
CREATE DOMAIN measure AS double precision;
CREATE TYPE span AS RANGE (subtype = measure);
CREATE TABLE person (feels feeling, pairs pair[], at span);
