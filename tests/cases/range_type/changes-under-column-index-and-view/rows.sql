INSERT INTO public.books VALUES (1, '[a,c)', '{"[d,e)"}'), (2, '[f,)', NULL);
