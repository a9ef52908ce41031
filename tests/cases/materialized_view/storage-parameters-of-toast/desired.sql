CREATE MATERIALIZED VIEW a WITH (autovacuum_enabled = off, toast.vacuum_truncate = off) AS SELECT 'x'::text AS x;
CREATE MATERIALIZED VIEW b AS SELECT 'x'::text AS x;
CREATE MATERIALIZED VIEW c WITH (toast.autovacuum_vacuum_threshold = 7) AS SELECT 'x'::text AS x;
