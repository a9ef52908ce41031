CREATE TYPE one AS (a integer, b text);
CREATE TYPE two AS (a integer, b text);
CREATE TABLE t OF two (a WITH OPTIONS PRIMARY KEY, b DEFAULT 'x');
CREATE TABLE loose (a integer, b text);
CREATE TABLE fresh OF two (b WITH OPTIONS NOT NULL, CHECK (a > 0));
CREATE TABLE parts OF two PARTITION BY LIST (a);
CREATE TABLE part1 PARTITION OF parts FOR VALUES IN (1);
