insert into public.people (id) values (1);
insert into public.pupils (id) values (2);
