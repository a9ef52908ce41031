CREATE TABLE delivery (id integer, zone text, driver text) PARTITION BY LIST (zone);
CREATE TABLE delivery_north PARTITION OF delivery FOR VALUES IN ('north');
CREATE TABLE delivery_south PARTITION OF delivery (driver NOT NULL) FOR VALUES IN ('south');
