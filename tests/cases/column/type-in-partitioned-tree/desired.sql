-- One ALTER on the parent; the partitions' columns must not be altered again.
CREATE TABLE sample (id integer NOT NULL, at date NOT NULL, value bigint) PARTITION BY RANGE (at);
CREATE TABLE sample_2024 PARTITION OF sample FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE sample_rest PARTITION OF sample DEFAULT;
CREATE INDEX sample_value ON sample (value);
