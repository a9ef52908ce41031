-- pg_dump always writes WITH NO DATA; whether it is populated is data.
CREATE TABLE t (n integer);
CREATE MATERIALIZED VIEW m AS SELECT n, n / 0 AS never FROM t WITH NO DATA;
CREATE INDEX m_n ON m (n);
