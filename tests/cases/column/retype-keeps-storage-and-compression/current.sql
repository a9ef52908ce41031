create table public.t (a text, b varchar(20), c text);
alter table public.t alter a set storage external, alter a set compression pglz, alter b set storage main;
alter table public.t alter c set storage plain;
create table public.below () inherits (public.t);
alter table public.below alter a set storage main;
