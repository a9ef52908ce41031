-- Partitions hold clones: nothing to create there, but the state of one clone is its own. event_2 has a trigger of its own besides.
CREATE TABLE event (id integer) PARTITION BY RANGE (id);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (0) TO (10);
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM (10) TO (20);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER from_parent AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE event_1 DISABLE TRIGGER from_parent;
CREATE TRIGGER own BEFORE INSERT ON event_2 FOR EACH ROW EXECUTE FUNCTION f();
