create table public.t ("C d" text, b int, a int);
create statistics public.s on a, b, "C d", (a % 7) from public.t;
create statistics public.lone on (b % 3) from public.t;
