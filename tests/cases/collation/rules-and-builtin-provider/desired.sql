CREATE COLLATION public.ruled (provider = icu, locale = 'und', rules = '&V << w <<< W');
CREATE COLLATION public.points (provider = builtin, locale = 'C.UTF-8');
CREATE TABLE public.t (a text COLLATE public.points, b text COLLATE public.ruled);
