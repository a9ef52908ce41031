CREATE TABLE o(id int primary key);
CREATE TABLE o2(id int primary key);
