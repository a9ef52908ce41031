-- public is not created by us, yet its owner and its comment are compared; backward the built-in values return.
ALTER SCHEMA public OWNER TO app_owner;
COMMENT ON SCHEMA public IS 'Everything the application sees';
CREATE TABLE public.t (id integer);
