create table public.parent (id int);
create table public.plain () inherits (public.parent);
create table public.local () inherits (public.parent);
create table public.tuned () inherits (public.parent);
create table public.numbered () inherits (public.parent);
create table public.bare () inherits (public.parent);
