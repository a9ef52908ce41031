INSERT INTO public.docs VALUES (1, 'the quick brown foxes'), (2, NULL);
