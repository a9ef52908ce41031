CREATE TABLE team (id integer CONSTRAINT team_key PRIMARY KEY, name text NOT NULL);
CREATE TABLE game (team integer, points integer);
CREATE VIEW ranking AS SELECT t.id, t.name, sum(g.points) AS points FROM team t JOIN game g ON g.team = t.id GROUP BY t.id;
GRANT SELECT ON ranking TO app_reader;
