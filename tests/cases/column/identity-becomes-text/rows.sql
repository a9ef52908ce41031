INSERT INTO public.t (name) VALUES ('Ann'), ('Bob');
