-- Check constraints are named per table: only b loses its own, and c gains one.
CREATE TABLE a (n integer, CONSTRAINT positive CHECK (n > 0));
CREATE TABLE b (n integer);
CREATE TABLE c (n integer, CONSTRAINT positive CHECK (n > 0));
