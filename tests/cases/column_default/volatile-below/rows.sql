insert into public.child (id) values (1);
insert into public.grandchild (id) values (2);
