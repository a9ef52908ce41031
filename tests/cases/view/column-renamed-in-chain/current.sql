CREATE TABLE t (id integer PRIMARY KEY, n integer);
CREATE VIEW low AS SELECT id, n AS value FROM t;
CREATE VIEW middle AS SELECT id, value FROM low;
CREATE VIEW high AS SELECT value FROM middle;
GRANT SELECT (value) ON high TO app_reader;
