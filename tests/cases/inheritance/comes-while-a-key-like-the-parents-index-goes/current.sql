CREATE TABLE event (kind text, note text) PARTITION BY LIST (kind);
CREATE TABLE event_a (kind text, note text, PRIMARY KEY (kind, note));
