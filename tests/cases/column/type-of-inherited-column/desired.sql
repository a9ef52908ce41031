CREATE TABLE base (id integer, code varchar(30));
CREATE TABLE derived (extra text, code varchar(30)) INHERITS (base);
CREATE VIEW everything AS SELECT id, code FROM base;
