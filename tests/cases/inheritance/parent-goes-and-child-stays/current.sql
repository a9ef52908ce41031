CREATE TABLE par(id int); CREATE TABLE k1(id int, x int); ALTER TABLE k1 INHERIT par;
