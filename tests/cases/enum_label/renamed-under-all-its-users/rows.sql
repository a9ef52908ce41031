INSERT INTO public.person VALUES (1, 'sad', '{sad,ok}', 'sad', 'x', 'y'), (2, 'ok', NULL, NULL, 'sad', 'sad');
INSERT INTO public.log VALUES ('sad', '2000-01-01'), ('ok', '2000-01-02');
