INSERT INTO legacy.flag VALUES ('beta', 'on');
INSERT INTO public.account VALUES (1, 'beta'), (2, NULL);
