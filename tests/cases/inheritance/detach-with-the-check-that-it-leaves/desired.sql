CREATE TABLE p (k integer) PARTITION BY RANGE (k);
CREATE TABLE p_1 (k integer, CHECK (k IS NOT NULL AND k >= 0 AND k < 10));
CREATE TABLE p_2 (k integer);
