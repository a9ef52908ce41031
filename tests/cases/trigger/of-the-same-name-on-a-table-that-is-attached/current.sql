CREATE TABLE p (a integer) PARTITION BY RANGE (a);
CREATE TABLE p1 (a integer);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$begin return new; end$$;
CREATE TRIGGER noted AFTER INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION note();
