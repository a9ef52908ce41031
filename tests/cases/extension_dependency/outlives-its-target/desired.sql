-- What is made anew in the place of another has forgotten what it depends on.
CREATE EXTENSION hstore;
CREATE FUNCTION k(b integer) RETURNS integer LANGUAGE sql AS 'select 1';
ALTER FUNCTION k(integer) DEPENDS ON EXTENSION hstore;
CREATE FUNCTION l() RETURNS integer LANGUAGE sql AS 'select 2';
ALTER FUNCTION l() DEPENDS ON EXTENSION hstore;
CREATE TABLE t (a integer);
CREATE INDEX t_a ON t (a DESC);
ALTER INDEX t_a DEPENDS ON EXTENSION hstore;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$begin return new; end$$;
CREATE TRIGGER noted BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note();
ALTER TRIGGER noted ON t DEPENDS ON EXTENSION hstore;
