INSERT INTO public.job VALUES (1, 'it''s'), (2, 'new');
