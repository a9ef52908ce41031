CREATE TABLE flat (id int4range, valid daterange, CONSTRAINT flat_key PRIMARY KEY (id, valid));
CREATE TABLE rent (flat int4range, valid daterange);
