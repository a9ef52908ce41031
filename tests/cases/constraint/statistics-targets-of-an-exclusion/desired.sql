-- pg_dump does not tell them.
CREATE TABLE public.t (a integer, b text, r int4range);
ALTER TABLE public.t ADD CONSTRAINT kept EXCLUDE USING gist (r WITH &&, int4range(0, a) WITH &&);
ALTER TABLE public.t ADD CONSTRAINT changes EXCLUDE USING btree ((a + 2) WITH =);
ALTER INDEX public.changes ALTER COLUMN 1 SET STATISTICS 100;
CREATE TABLE public.u (a integer, b text, EXCLUDE USING btree (lower(b) WITH =));
ALTER INDEX public.u_lower_excl ALTER COLUMN 1 SET STATISTICS 0;
CREATE TABLE public.w (a varchar(9), EXCLUDE USING btree (lower(a) WITH =));
ALTER INDEX public.w_lower_excl ALTER COLUMN 1 SET STATISTICS 77;
CREATE INDEX i ON public.w (upper(a));
ALTER INDEX public.i ALTER COLUMN 1 SET STATISTICS 78;
