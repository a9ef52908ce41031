-- What it takes at least to read a schema from the catalogs: every row that there is of them, and the definitions that
-- only the server can spell out, with nothing made of any. `make bench` runs it on one side.
begin isolation level repeatable read, read only;
set local search_path to '';
select * from pg_namespace;
select * from pg_class where oid >= 16384;
select * from pg_attribute where attrelid >= 16384;
select * from pg_type where oid >= 16384;
select oid, pg_get_expr(adbin, adrelid) from pg_attrdef;
select *, pg_get_constraintdef(oid) from pg_constraint where oid >= 16384;
select *, pg_get_indexdef(indexrelid) from pg_index where indexrelid >= 16384;
select oid, pg_get_viewdef(oid) from pg_class where relkind in ('v', 'm') and oid >= 16384;
select *, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal;
select *, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) from pg_policy;
select *, pg_get_functiondef(oid) from pg_proc where oid >= 16384;
select * from pg_sequence;
select * from pg_inherits;
select * from pg_enum;
select * from pg_description where objoid >= 16384;
select * from pg_depend where objid >= 16384;
rollback;
