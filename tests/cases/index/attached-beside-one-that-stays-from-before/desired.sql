CREATE TABLE readings (id int, station text) PARTITION BY LIST (station);
CREATE INDEX readings_by_station ON readings (station);
CREATE TABLE readings_north PARTITION OF readings FOR VALUES IN ('north');
CREATE INDEX north_by_station ON readings_north (station);
CREATE TABLE readings_south PARTITION OF readings FOR VALUES IN ('south');
CREATE INDEX south_by_station ON readings_south (station);
