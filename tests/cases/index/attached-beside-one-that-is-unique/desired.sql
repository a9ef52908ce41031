CREATE TABLE readings (id int, station text) PARTITION BY RANGE (id);
CREATE UNIQUE INDEX readings_by_id ON readings (id);
CREATE INDEX readings_by_station ON readings (station);
CREATE TABLE readings_first (id int, station text);
CREATE INDEX first_by_id ON readings_first (id);
CREATE UNIQUE INDEX readings_first_id_idx ON readings_first (id);
CREATE UNIQUE INDEX first_by_station ON readings_first (station);
CREATE INDEX readings_first_station_idx ON readings_first (station);
ALTER TABLE readings ATTACH PARTITION readings_first FOR VALUES FROM (1) TO (100);
