CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER on_start ON ddl_command_start EXECUTE FUNCTION f();
CREATE EVENT TRIGGER on_end ON ddl_command_end EXECUTE FUNCTION f();
COMMENT ON EVENT TRIGGER on_start IS 'kept';
