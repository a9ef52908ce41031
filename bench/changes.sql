-- What dev is ahead of prod by: one table in a hundred of the :tables has a column, an index and a comment more.
\set ON_ERROR_STOP 1
begin;
select format($c$
    alter table shop.t%1$s add column extra integer;
    create index t%1$s_extra_idx on shop.t%1$s (extra);
    comment on column shop.t%1$s.extra is 'New in number %1$s'$c$, i)
    from generate_series(1, :tables, 100) i \gexec
commit;
