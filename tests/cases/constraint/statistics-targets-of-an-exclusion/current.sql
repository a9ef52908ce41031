CREATE TABLE public.t (a integer, b text, r int4range);
ALTER TABLE public.t ADD CONSTRAINT kept EXCLUDE USING gist (r WITH &&, int4range(0, a) WITH &&);
ALTER INDEX public.kept ALTER COLUMN 2 SET STATISTICS 500;
ALTER TABLE public.t ADD CONSTRAINT changes EXCLUDE USING btree ((a + 1) WITH =);
ALTER INDEX public.changes ALTER COLUMN 1 SET STATISTICS 100;
CREATE TABLE public.w (a varchar(4), EXCLUDE USING btree (lower(a) WITH =));
ALTER INDEX public.w_lower_excl ALTER COLUMN 1 SET STATISTICS 77;
CREATE INDEX i ON public.w (upper(a));
ALTER INDEX public.i ALTER COLUMN 1 SET STATISTICS 78;
