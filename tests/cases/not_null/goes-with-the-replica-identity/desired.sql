-- Columns of a replica identity are NOT NULL as long as it is that.
CREATE TABLE t (a integer, e integer);
CREATE INDEX i ON t (e);
CREATE TABLE u (a integer, e integer, f integer NOT NULL);
CREATE UNIQUE INDEX ui ON u (e);
CREATE UNIQUE INDEX uj ON u (f);
ALTER TABLE u REPLICA IDENTITY USING INDEX uj;
CREATE TABLE k (b integer UNIQUE, c integer NOT NULL UNIQUE);
ALTER TABLE k REPLICA IDENTITY USING INDEX k_c_key;
