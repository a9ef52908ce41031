CREATE TYPE one AS (a integer, b text);
CREATE TYPE two AS (a integer, b text);
CREATE TABLE t OF one (a WITH OPTIONS PRIMARY KEY, b DEFAULT 'x');
CREATE TABLE loose OF one;
