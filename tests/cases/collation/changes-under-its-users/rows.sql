INSERT INTO public.people VALUES (1, 'Ann', 'a', 'a@b', '[a,b)'), (2, 'Bob', NULL, 'B@b', NULL);
