CREATE TABLE city (id integer PRIMARY KEY, country char(2));
