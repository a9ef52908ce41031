INSERT INTO public.shirts VALUES (1, '[m,m]', '[1999,2001)', '{[1,2)}');
