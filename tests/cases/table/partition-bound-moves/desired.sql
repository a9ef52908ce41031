-- Two bounds move at once, each into the other's gap: detach both, then attach both.
CREATE TABLE reading (id integer NOT NULL, value real) PARTITION BY RANGE (id);
CREATE TABLE reading_low PARTITION OF reading FOR VALUES FROM (0) TO (150);
CREATE TABLE reading_high PARTITION OF reading FOR VALUES FROM (150) TO (300);
CREATE INDEX reading_value ON reading (value);
