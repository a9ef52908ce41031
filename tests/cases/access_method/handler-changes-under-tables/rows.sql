INSERT INTO public.t SELECT g, 'note' FROM generate_series(1, 20) g;
