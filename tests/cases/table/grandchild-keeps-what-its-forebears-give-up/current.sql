CREATE TABLE base (id integer, remark text);
CREATE TABLE middle (size integer) INHERITS (base);
CREATE TABLE leaf (colour text) INHERITS (middle);
CREATE TABLE sibling (weight integer) INHERITS (base);
