-- The new partition gets the index from its parent; a unique constraint arrives as well.
CREATE TABLE seat (hall integer NOT NULL, number integer NOT NULL) PARTITION BY LIST (hall);
CREATE TABLE seat_1 PARTITION OF seat FOR VALUES IN (1);
CREATE TABLE seat_2 PARTITION OF seat FOR VALUES IN (2);
CREATE UNIQUE INDEX seat_once ON seat (hall, number);
ALTER TABLE seat ADD CONSTRAINT seat_reverse UNIQUE (number, hall);
