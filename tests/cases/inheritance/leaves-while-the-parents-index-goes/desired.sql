CREATE TABLE p(id int, k text) PARTITION BY RANGE(id);
CREATE TABLE p1 (id int, k text);
