-- Which of two like indexes ATTACH PARTITION takes depends on their age; a run that was broken off leaves such a pair.
CREATE TABLE readings (id int, station text) PARTITION BY LIST (station);
CREATE INDEX readings_by_station ON readings (station);
CREATE TABLE readings_north (id int, station text);
CREATE INDEX north_by_station ON readings_north (station);
CREATE INDEX readings_north_station_idx ON readings_north (station);
CREATE TABLE readings_south (id int, station text);
CREATE INDEX readings_south_station_idx ON readings_south (station);
CREATE INDEX south_by_station ON readings_south (station);
