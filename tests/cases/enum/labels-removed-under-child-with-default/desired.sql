create type public.mood as enum ('ok', 'sad');
create table public.t (id int, feel public.mood not null default 'ok');
create table public.below (own text) inherits (public.t);
alter table public.below alter feel set default 'sad';
