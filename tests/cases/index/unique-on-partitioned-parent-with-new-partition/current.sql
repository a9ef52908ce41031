CREATE TABLE seat (hall integer NOT NULL, number integer NOT NULL) PARTITION BY LIST (hall);
CREATE TABLE seat_1 PARTITION OF seat FOR VALUES IN (1);
CREATE UNIQUE INDEX seat_once ON seat (hall, number);
