CREATE TABLE region (id integer PRIMARY KEY);
CREATE TABLE sale (day integer NOT NULL, region integer REFERENCES region) PARTITION BY LIST (day);
CREATE TABLE sale_1 (day integer NOT NULL, region integer);
CREATE TABLE sale_2 (day integer NOT NULL, region integer) PARTITION BY LIST (day);
CREATE TABLE sale_21 PARTITION OF sale_2 FOR VALUES IN (2);
CREATE TABLE sale_3 (day integer NOT NULL, region integer);
ALTER TABLE sale_3 ADD CONSTRAINT sale_region_fkey FOREIGN KEY (region) REFERENCES region ON DELETE CASCADE;
CREATE TABLE sale_4 (day integer NOT NULL, region integer);
ALTER TABLE sale_4 ADD CONSTRAINT sale_region_fkey FOREIGN KEY (region) REFERENCES region;
