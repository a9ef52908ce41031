CREATE TABLE region (id integer PRIMARY KEY);
CREATE TABLE sale (day integer PRIMARY KEY, region integer REFERENCES region) PARTITION BY LIST (day);
CREATE TABLE sale_1 (day integer CONSTRAINT sale_day_not_null NOT NULL CONSTRAINT sale_1_pkey PRIMARY KEY,
    region integer CONSTRAINT sale_region_fkey REFERENCES region);
CREATE TABLE sale_2 PARTITION OF sale FOR VALUES IN (2);
CREATE TABLE day (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE day_1 PARTITION OF day FOR VALUES FROM (0) TO (10);
CREATE TABLE day_2 (id integer CONSTRAINT day_id_not_null NOT NULL CONSTRAINT day_2_pkey PRIMARY KEY);
CREATE TABLE week (id integer REFERENCES day);
CREATE TABLE top (a integer, b integer, PRIMARY KEY (a, b)) PARTITION BY LIST (a);
CREATE TABLE middle PARTITION OF top FOR VALUES IN (1) PARTITION BY LIST (b);
CREATE TABLE bottom (a integer CONSTRAINT top_a_not_null NOT NULL, b integer CONSTRAINT top_b_not_null NOT NULL,
    CONSTRAINT bottom_pkey PRIMARY KEY (a, b));
CREATE TABLE user_of_top (a integer, b integer, FOREIGN KEY (a, b) REFERENCES top);
CREATE TABLE own (k integer) PARTITION BY LIST (k);
CREATE TABLE own_1 (k integer);
ALTER TABLE own_1 ADD FOREIGN KEY (k) REFERENCES region;
