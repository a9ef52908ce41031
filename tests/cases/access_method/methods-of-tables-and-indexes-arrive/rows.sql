INSERT INTO public.moved SELECT g, 'note ' || g FROM generate_series(1, 20) g;
