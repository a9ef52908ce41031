-- No change: dollar quotes, defaults of attributes, aliases of types.
CREATE OR REPLACE FUNCTION public.F(IN A integer, B character varying = 'x'::varchar) RETURNS integer LANGUAGE SQL VOLATILE CALLED ON NULL INPUT SECURITY INVOKER COST 100 PARALLEL UNSAFE AS $body$SELECT 1$body$;
