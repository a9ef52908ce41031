CREATE TABLE top (id integer, name varchar(10));
CREATE TABLE lhs () INHERITS (top);
CREATE TABLE rhs () INHERITS (top);
CREATE TABLE child () INHERITS (lhs, rhs);
CREATE TABLE beside (name varchar(10));
CREATE TABLE mixed () INHERITS (rhs, beside);
