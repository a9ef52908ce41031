INSERT INTO public.things VALUES (1, (1, 2)), (2, (3, 4));
