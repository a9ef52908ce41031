-- All of it by ALTER: its data must stay.
CREATE TABLE t (n integer, body text);
CREATE MATERIALIZED VIEW m WITH (autovacuum_enabled = false) AS SELECT n, body FROM t;
ALTER MATERIALIZED VIEW m ALTER n SET STATISTICS 300, ALTER body SET STORAGE EXTERNAL;
CREATE INDEX m_n ON m (n);
