create table public.parent (id int, label text, number int);
create table public.plain () inherits (public.parent);
create table public.local (label text default 'own') inherits (public.parent);
create table public.tuned () inherits (public.parent);
alter table public.tuned alter label set statistics 7, alter label set storage external;
create table public.numbered (number int generated always as identity) inherits (public.parent);
