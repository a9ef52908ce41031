CREATE TYPE mood AS ENUM ('ok');
CREATE TYPE pair AS (a integer, b integer);
CREATE DOMAIN small AS integer CONSTRAINT limited CHECK (VALUE < 10);
CREATE TYPE span AS RANGE (subtype = float8);
