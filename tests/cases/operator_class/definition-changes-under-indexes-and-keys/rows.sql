INSERT INTO public.releases VALUES (1, (1, 2), (1, 2)), (2, (2, 3), (4, 5));
