-- ATTACH PARTITION takes the first index that is like the parent's, and that is the one which shall stand alone.
CREATE TABLE readings (id int, station text, taken_at text) PARTITION BY LIST (station);
CREATE INDEX readings_by_station ON readings (station, taken_at);
CREATE TABLE readings_north (id int, station text, taken_at text);
CREATE INDEX north_by_station ON readings_north (station, taken_at);
INSERT INTO readings_north VALUES (1, 'north', 'noon');
