CREATE TABLE k1(id int, x int);
