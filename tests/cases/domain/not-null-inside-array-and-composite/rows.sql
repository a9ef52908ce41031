INSERT INTO public.games VALUES (1, '{"(Ann,4)"}', '{2,3}', 7);
