-- The partitions' own constraint rows are clones: nothing to create for them. NOT VALID is refused here before 18.
CREATE TABLE region (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE region_1 PARTITION OF region FOR VALUES FROM (0) TO (100);
CREATE TABLE shop (id integer, region integer, CONSTRAINT shop_region FOREIGN KEY (region) REFERENCES region) PARTITION BY RANGE (id);
CREATE TABLE shop_1 PARTITION OF shop FOR VALUES FROM (0) TO (100);
