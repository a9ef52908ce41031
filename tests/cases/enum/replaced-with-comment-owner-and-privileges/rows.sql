INSERT INTO public.days VALUES ('2020-01-01', 'glad', '{ok,glad}'), ('2020-01-02', 'ok', NULL);
INSERT INTO public.notes VALUES (1, '(2020-01-01,glad)', 'glad');
