CREATE TABLE t (a integer, b integer);
CREATE INDEX done ON t (a);
CREATE INDEX migrator_tmp_done ON t (b);
CREATE INDEX other ON t (a);
CREATE INDEX migrator_tmp_other ON t (a, b);
