CREATE TABLE note (id integer, body text);
