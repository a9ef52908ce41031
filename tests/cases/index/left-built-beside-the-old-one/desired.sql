-- The one is what would be built, the other is not.
CREATE TABLE t (a integer, b integer);
CREATE INDEX done ON t (b);
CREATE INDEX other ON t (b, a);
