CREATE TABLE base (id integer);
CREATE TABLE middle (size integer) INHERITS (base);
CREATE TABLE leaf (colour text, remark text) INHERITS (middle);
CREATE TABLE sibling (weight integer) INHERITS (base);
