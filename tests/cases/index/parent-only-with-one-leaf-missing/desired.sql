-- dev itself stopped half-way: the parent's index is invalid and only one leaf is attached. That is the state to reach.
CREATE TABLE reading (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE reading_1 PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE reading_2 PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX reading_at ON ONLY reading (at);
CREATE INDEX reading_1_at ON reading_1 (at);
ALTER INDEX reading_at ATTACH PARTITION reading_1_at;
