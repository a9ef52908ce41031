-- All was made before prod's default privileges were: every list is the one that PostgreSQL grants by itself.
CREATE SCHEMA app;
CREATE TABLE app.t (id serial PRIMARY KEY, n integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE app.parted (id integer) PARTITION BY RANGE (id);
CREATE TABLE app.part PARTITION OF app.parted FOR VALUES FROM (0) TO (10);
CREATE VIEW app.v AS SELECT id FROM app.t;
CREATE MATERIALIZED VIEW app.m AS SELECT id FROM app.t;
CREATE SEQUENCE app.s;
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$;
CREATE PROCEDURE app.p() LANGUAGE sql AS $$ SELECT 1 $$;
CREATE AGGREGATE app.g(integer) (SFUNC = int4pl, STYPE = integer);
CREATE TYPE app.mood AS ENUM ('ok');
CREATE TYPE app.pair AS (a integer, b integer);
CREATE DOMAIN app.small AS integer;
GRANT SELECT ON app.v TO app_writer;
GRANT SELECT (id) ON app.t TO app_reader;
GRANT USAGE ON SEQUENCE app.t_n_seq TO app_writer;
