create domain public.name as varchar(80) constraint longer check (length(value) > 2);
create domain public.nickname as public.name;
create table public.people (id int, called public.nickname, names public.nickname[]);
create table public.pupils () inherits (public.people);
