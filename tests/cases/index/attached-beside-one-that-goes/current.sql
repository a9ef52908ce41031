-- ATTACH PARTITION takes the first index that is like the parent's: the one that goes must have gone before.
CREATE TABLE readings (id int, station text) PARTITION BY LIST (station);
CREATE INDEX readings_by_station ON readings (station);
CREATE TABLE readings_north (id int, station text);
CREATE INDEX station_of_north ON readings_north (station);
CREATE INDEX readings_north_station_idx ON readings_north (station);
