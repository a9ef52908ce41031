-- NO INHERIT leaves the column in the child, now local.
CREATE TABLE stamped (created date);
CREATE TABLE named (name text);
CREATE TABLE thing (id integer, name text) INHERITS (stamped);
