CREATE TABLE base (id integer, code varchar(10));
CREATE TABLE derived (extra text, code varchar(10)) INHERITS (base);
CREATE VIEW everything AS SELECT id, code FROM base;
