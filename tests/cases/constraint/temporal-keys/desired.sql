CREATE TABLE flat (id int4range, valid daterange, CONSTRAINT flat_key PRIMARY KEY (id, valid WITHOUT OVERLAPS));
CREATE TABLE rent (flat int4range, valid daterange, CONSTRAINT rent_flat FOREIGN KEY (flat, PERIOD valid) REFERENCES flat (id, PERIOD valid));
