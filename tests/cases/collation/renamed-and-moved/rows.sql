INSERT INTO public.t VALUES ('ä', 'é');
