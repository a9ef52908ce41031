-- On 18 it gets the new parent's name while it stands below none.
CREATE TABLE happening (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE event_2025 PARTITION OF happening FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
COMMENT ON COLUMN event_2025.id IS 'stays';
