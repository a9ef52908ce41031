CREATE TABLE parent (id bigint);
CREATE TABLE child () INHERITS (parent);
