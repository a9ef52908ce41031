CREATE TABLE t (id integer, name text);
CREATE VIEW star AS SELECT * FROM t;
CREATE VIEW whole_row AS SELECT t, to_jsonb(t) AS doc FROM t;
