CREATE TABLE par(id int, a int) PARTITION BY RANGE(id);
CREATE TABLE k1(id int, a int);
