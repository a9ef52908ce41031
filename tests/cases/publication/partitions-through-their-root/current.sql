CREATE TABLE log (day integer NOT NULL, text text, PRIMARY KEY (day)) PARTITION BY RANGE (day);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (1) TO (2);
CREATE TABLE plain (id integer PRIMARY KEY, x integer);
CREATE PUBLICATION p FOR TABLE log, plain WHERE (x > 0);
