CREATE TABLE t (id integer);
COMMENT ON TABLE t IS E'it''s; DROP TABLE t; -- \\ back\nnew line\ttab $$ $1 %s {x} "q" /* */ 🐘 \u00a0end ';
COMMENT ON COLUMN t.id IS ' ';
