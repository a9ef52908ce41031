CREATE PROCEDURE cleanup(days integer) LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
GRANT EXECUTE ON PROCEDURE cleanup(integer) TO app_writer;
