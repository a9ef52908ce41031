-- The trigger is dropped for the change; disabled state and comment must come back with it.
CREATE TABLE account (id integer PRIMARY KEY, balance numeric(12,0) NOT NULL);
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
CREATE TRIGGER balance_changed BEFORE UPDATE OF balance ON account
    FOR EACH ROW WHEN (old.balance IS DISTINCT FROM new.balance) EXECUTE FUNCTION note_change();
ALTER TABLE account DISABLE TRIGGER balance_changed;
COMMENT ON TRIGGER balance_changed ON account IS 'off for the import';
