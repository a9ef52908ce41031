-- Index names are unique per schema: the old one must go first.
CREATE TABLE a (n integer);
CREATE TABLE b (n integer);
CREATE INDEX the_index ON b (n);
