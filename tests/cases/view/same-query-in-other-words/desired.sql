-- No change.
CREATE TABLE t (id integer, name text);
CREATE OR REPLACE VIEW public.v AS select T.ID, (T.NAME) as name from public.t where t.id = ANY (ARRAY[1, 2]) and t.name !~~ 'x%';
