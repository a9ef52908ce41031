CREATE TABLE public.orders (id integer, total numeric);
CREATE FUNCTION public.order_json(public.orders) RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT to_jsonb($1)';
