CREATE TABLE readings (id int, station text, taken_at text) PARTITION BY LIST (station);
CREATE TABLE readings_north (id int, station text, taken_at text);
ALTER TABLE readings ATTACH PARTITION readings_north FOR VALUES IN ('north');
CREATE INDEX readings_by_station ON readings (station, taken_at);
CREATE INDEX north_by_station ON readings_north (station, taken_at);
INSERT INTO readings_north VALUES (1, 'north', 'noon');
