-- Three levels go and come back, the materialized one with its index.
CREATE TABLE person (id integer PRIMARY KEY, name text);
CREATE VIEW v1 AS SELECT id, name FROM person;
CREATE VIEW v2 AS SELECT upper(name) AS shout, name FROM v1;
CREATE MATERIALIZED VIEW m3 AS SELECT name, count(*) AS n FROM v2 GROUP BY name;
CREATE UNIQUE INDEX m3_name ON m3 (name);
