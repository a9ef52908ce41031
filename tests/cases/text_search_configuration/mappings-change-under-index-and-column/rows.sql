INSERT INTO public.docs VALUES ('the quick brown foxes');
