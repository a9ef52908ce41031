CREATE TABLE tag (id integer, name text);
