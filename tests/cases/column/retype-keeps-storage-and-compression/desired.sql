create table public.t (a text collate "C", b varchar(90), c text collate "C");
alter table public.t alter a set storage external, alter a set compression pglz, alter b set storage main;
create table public.below () inherits (public.t);
alter table public.below alter a set storage main;
