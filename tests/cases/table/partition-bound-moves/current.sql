CREATE TABLE reading (id integer NOT NULL, value real) PARTITION BY RANGE (id);
CREATE TABLE reading_low PARTITION OF reading FOR VALUES FROM (0) TO (100);
CREATE TABLE reading_high PARTITION OF reading FOR VALUES FROM (200) TO (300);
CREATE INDEX reading_value ON reading (value);
