INSERT INTO public.t (a, b, c, d, h, i) VALUES ('1', '2', '1', '0101', '03:04:05', '2020-01-02 03:04:05');
