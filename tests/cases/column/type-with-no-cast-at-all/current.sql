CREATE TABLE device (id integer PRIMARY KEY, token integer);
