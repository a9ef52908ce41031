CREATE TABLE slot (room integer, at timestamp, CONSTRAINT slot_once UNIQUE NULLS NOT DISTINCT (room, at));
