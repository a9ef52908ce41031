-- Filled step by step under a name of its own; not where an UPDATE would do more than that.
CREATE TABLE person (id integer PRIMARY KEY, name text, token uuid DEFAULT gen_random_uuid() NOT NULL, seen timestamptz DEFAULT clock_timestamp());
COMMENT ON COLUMN person.token IS 'one for each';
ALTER TABLE person ALTER token SET STATISTICS 10;
CREATE UNIQUE INDEX person_token ON person (token);
CREATE TABLE "Note 1" (body text, "it's ""new"" 'b'" double precision DEFAULT random() NOT NULL CHECK ("it's ""new"" 'b'" < 2));
CREATE TABLE part (k integer, r double precision DEFAULT random()) PARTITION BY LIST (k);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TABLE watched (id integer, r double precision DEFAULT random());
CREATE TRIGGER t BEFORE UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION touch();
CREATE DOMAIN share AS double precision CHECK (VALUE < 2);
CREATE DOMAIN token AS uuid NOT NULL;
CREATE TABLE held (id integer, part share DEFAULT random(), token token DEFAULT gen_random_uuid());
CREATE TABLE doubted (v integer, r double precision DEFAULT random());
ALTER TABLE doubted ADD CONSTRAINT positive CHECK (v > 0) NOT VALID;
CREATE TABLE long (id integer, page integer, width integer, a_name_that_is_as_long_as_a_name_can_be_and_ends_with_the_one1 uuid DEFAULT gen_random_uuid(),
    a_name_that_is_as_long_as_a_name_can_be_and_ends_with_the_one2 uuid DEFAULT gen_random_uuid());
