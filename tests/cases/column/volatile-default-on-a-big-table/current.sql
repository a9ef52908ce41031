CREATE TABLE person (id integer PRIMARY KEY, name text);
CREATE TABLE "Note 1" (body text, old integer);
CREATE TABLE part (k integer) PARTITION BY LIST (k);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE TABLE watched (id integer);
CREATE TRIGGER t BEFORE UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION touch();
