CREATE TABLE top (id bigint, name text);
CREATE TABLE lhs () INHERITS (top);
CREATE TABLE rhs () INHERITS (top);
CREATE TABLE child () INHERITS (lhs, rhs);
CREATE TABLE beside (name text);
CREATE TABLE mixed () INHERITS (rhs, beside);
