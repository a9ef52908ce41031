-- ATTACH PARTITION takes whichever index is like the parent's: the one that stands alone must come later.
CREATE TABLE unrelated (a integer);
CREATE TABLE event (a integer, b text) PARTITION BY RANGE (a);
CREATE INDEX event_idx ON event (a);
CREATE TABLE event_1 (a integer, b text);
CREATE INDEX event_1_zz ON event_1 (a);
ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM (0) TO (10);
CREATE INDEX event_1_aa ON event_1 (a);
