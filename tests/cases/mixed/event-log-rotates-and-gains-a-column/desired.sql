-- The oldest leaves as a table of its own, the newest arrives; what the parent gains, the new partition has from the start.
CREATE TABLE event (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, kind varchar(20) NOT NULL, actor integer, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_2023 (id bigint NOT NULL, at timestamptz NOT NULL, kind text NOT NULL, PRIMARY KEY (id, at));
CREATE INDEX event_2023_kind_idx ON event_2023 (kind);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2025-01-01 00:00+00');
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00') WITH (fillfactor = 90);
CREATE INDEX event_kind ON event (kind, at DESC);
CREATE MATERIALIZED VIEW event_kinds AS SELECT kind, count(*) FROM event GROUP BY kind;
