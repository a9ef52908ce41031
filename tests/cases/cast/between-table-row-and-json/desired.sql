CREATE TABLE public.orders (id integer, total numeric, note text);
CREATE FUNCTION public.order_json(public.orders) RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT to_jsonb($1)';
CREATE CAST (public.orders AS jsonb) WITH FUNCTION public.order_json(public.orders);
