CREATE TABLE canary (id integer PRIMARY KEY);
