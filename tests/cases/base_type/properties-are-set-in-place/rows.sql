INSERT INTO public.pages VALUES (1, 'once upon a time');
