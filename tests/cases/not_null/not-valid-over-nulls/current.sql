CREATE TABLE address (id integer PRIMARY KEY, street text, city text);
