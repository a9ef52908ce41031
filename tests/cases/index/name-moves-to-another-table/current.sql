CREATE TABLE a (n integer);
CREATE TABLE b (n integer);
CREATE INDEX the_index ON a (n);
