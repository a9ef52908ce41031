insert into public.local (id) values (1);
insert into public.tuned (id) values (2);
