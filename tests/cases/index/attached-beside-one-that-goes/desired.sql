CREATE TABLE readings (id int, station text) PARTITION BY LIST (station);
CREATE INDEX readings_by_station ON readings (station);
CREATE TABLE readings_north PARTITION OF readings FOR VALUES IN ('north');
