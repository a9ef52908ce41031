-- It forbids what this very migration does: created after the drops, and backward dropped before them
-- (DROP EVENT TRIGGER itself fires no event trigger).
CREATE TABLE kept (id integer);
CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no drops here'; END $$;
CREATE EVENT TRIGGER no_drops ON sql_drop EXECUTE FUNCTION forbid();
