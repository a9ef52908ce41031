-- The detached table keeps its rows, its key and its index.
CREATE TABLE event (id integer PRIMARY KEY, body text) PARTITION BY RANGE (id);
CREATE TABLE event_old (id integer PRIMARY KEY, body text);
CREATE TABLE event_new PARTITION OF event FOR VALUES FROM (100) TO (200);
