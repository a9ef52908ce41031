INSERT INTO public.offers VALUES (1, '{[1,2)}', '[3,4)');
