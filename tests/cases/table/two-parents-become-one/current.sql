CREATE TABLE stamped (created date);
CREATE TABLE named (name text);
CREATE TABLE thing (id integer) INHERITS (stamped, named);
