CREATE TABLE a (n integer, CONSTRAINT positive CHECK (n > 0));
CREATE TABLE b (n integer, CONSTRAINT positive CHECK (n > 0));
CREATE TABLE c (n integer);
