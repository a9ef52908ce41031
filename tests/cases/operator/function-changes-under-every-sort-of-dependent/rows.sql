INSERT INTO public.points VALUES (1, 3, 4), (2, 4, 3), (3, 200, 1);
REFRESH MATERIALIZED VIEW public.kept;
