create sequence public.counter;
create table public.parent (id int);
create table public.child (own text) inherits (public.parent);
create table public.grandchild () inherits (public.child);
