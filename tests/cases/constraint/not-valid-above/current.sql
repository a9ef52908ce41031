create table public.retyped (id int);
alter table public.retyped add constraint sane check (id > 0) not valid;
create table public.child (own text) inherits (public.retyped);

create table public.added (id int);
create table public.below () inherits (public.added);
create table public.far_below () inherits (public.below);

create table public.weakened (id int);
alter table public.weakened add constraint sane check (id > 0);
create table public.under () inherits (public.weakened);
