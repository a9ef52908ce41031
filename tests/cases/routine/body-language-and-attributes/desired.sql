CREATE FUNCTION answer(x integer) RETURNS integer LANGUAGE plpgsql STABLE STRICT LEAKPROOF SECURITY DEFINER PARALLEL SAFE COST 5
    SET search_path = pg_catalog, pg_temp SET work_mem = '8MB'
    AS $$ BEGIN RETURN x + 2; END $$;
