create table public.t (a int, b int, "C d" text);
create statistics public.s on a, b, "C d", (a % 7) from public.t;
