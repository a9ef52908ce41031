CREATE TABLE seat (hall integer, section integer, number integer, CONSTRAINT seat_once UNIQUE (hall, section, number));
CREATE INDEX seat_by_section ON seat (section, number) INCLUDE (hall);
CREATE STATISTICS seat_stats ON hall, section FROM seat;
