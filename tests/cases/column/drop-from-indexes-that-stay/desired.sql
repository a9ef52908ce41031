-- DROP COLUMN silently takes every index and key that mentions it; the narrower ones of the same name must be there afterwards.
CREATE TABLE seat (hall integer, number integer, CONSTRAINT seat_once UNIQUE (hall, number));
CREATE INDEX seat_by_section ON seat (number) INCLUDE (hall);
