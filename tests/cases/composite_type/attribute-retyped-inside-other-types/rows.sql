INSERT INTO public.t VALUES (1, '("(1,a)","{""(2,b)""}")', '(3,c)', '{"(4,d)"}');
