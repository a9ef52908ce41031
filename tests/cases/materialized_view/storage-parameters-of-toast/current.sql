CREATE MATERIALIZED VIEW a AS SELECT 'x'::text AS x;
CREATE MATERIALIZED VIEW b WITH (fillfactor = 50, toast.autovacuum_enabled = off) AS SELECT 'x'::text AS x;
