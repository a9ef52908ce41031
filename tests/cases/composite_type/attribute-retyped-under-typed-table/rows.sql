INSERT INTO public.people VALUES ('Ann', 30);
INSERT INTO public.others VALUES ('Bob', 40);
