CREATE TABLE event (kind text, note text) PARTITION BY LIST (kind);
CREATE UNIQUE INDEX event_once ON event (kind, note);
CREATE TABLE event_a PARTITION OF event FOR VALUES IN ('a');
