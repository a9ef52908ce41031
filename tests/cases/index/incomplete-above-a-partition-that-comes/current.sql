CREATE TABLE event (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX event_id ON event (id);
CREATE INDEX event_at ON ONLY event (at);
COMMENT ON INDEX event_at IS 'not in every partition';
