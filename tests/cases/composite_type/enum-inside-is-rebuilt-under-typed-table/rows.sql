INSERT INTO public.people VALUES ('Ann', 'happy');
INSERT INTO public.visit VALUES (1, ('Ann', 'sad'));
