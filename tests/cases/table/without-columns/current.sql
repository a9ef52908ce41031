CREATE TABLE lonely (id integer);
