CREATE TABLE log (day integer NOT NULL, text text, PRIMARY KEY (day)) PARTITION BY RANGE (day);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (1) TO (2);
CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM (2) TO (3);
CREATE TABLE plain (id integer PRIMARY KEY, x integer);
CREATE PUBLICATION p FOR TABLE log (day) WHERE (day > 1), plain WHERE (x > 0) WITH (publish_via_partition_root = true);
CREATE PUBLICATION leaf FOR TABLE log_2;
